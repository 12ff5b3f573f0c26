"""Linear algebra on the last two axes. Source: https://keras.io/api/ops/linalg/

NumPy decomposes (by LAPACK); how gradients flow back is from Giles, 2008, "Collected matrix derivative results".
"""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run
from . import arithmetic as a
from .core import cast
from .creation import eye
from .helpers import axes_of, floats, no_gradient, pair
from .matrices import tril, triu
from .products import matmul
from .reductions import max as max_of
from .reductions import min as min_of
from .reductions import sum as sum_of
from .shapes import expand_dims, moveaxis, reshape, squeeze, swapaxes


def _matrices(name, x, square=False):
    x = floats(x)
    if x.ndim < 2 or (square and x.shape[-1] != x.shape[-2]):
        kind = "square matrices" if square else "matrices"
        raise ValueError(f"{name} takes {kind}, on the last two axes; got shape {x.shape}.")
    return x


def _by_numpy(function, shapes, dtypes, *arrays):
    """New arrays for what a function of NumPy's gives."""
    out = [K.empty(shape, dtype) for shape, dtype in zip(shapes, dtypes)]
    run(_fill, function, arrays, tuple(out))
    return out


def _fill(function, arrays, out):
    try:
        found = function(*arrays)
    except np.linalg.LinAlgError as error:
        raise ValueError(f"{getattr(function, '__name__', 'linalg').strip('_')}: {error}.") from None
    for y, result in zip(out, found if isinstance(found, tuple) else (found,)):
        y[...] = result


def _turned(x):
    """The transposed matrices of an array."""
    return np.swapaxes(x, -1, -2)


def _back(x, function, *arrays):
    """Add to x's gradient what a function of arrays gives."""
    x.add_grad(_by_numpy(function, [x.shape], [x.value.dtype], *arrays)[0])


# solving ---------------------------------------------------------------------------------------


def solve(a, b):
    """The x with a @ x = b. Gradient: db = the d with a.T @ d = dy, da = -db @ x.T.

    Shapes: a (..., n, n), b (..., n) or (..., n, k).
    """
    a, b = pair(_matrices("solve", a, square=True), floats(b))
    vector = b.ndim == a.ndim - 1
    if not vector and b.ndim != a.ndim or b.shape[-1 if vector else -2] != a.shape[-1]:
        raise ValueError(f"solve: a of shape {a.shape} and b of shape {b.shape} do not go together.")
    if vector:
        return squeeze(solve(a, expand_dims(b, -1)), -1)
    (y,) = _by_numpy(np.linalg.solve, [b.shape], [b.value.dtype], a.value, b.value)

    def gradient(dy):
        (db,) = _by_numpy(lambda a, dy: np.linalg.solve(_turned(a), dy), [b.shape], [dy.dtype], a.value, dy)
        if b.tracked:
            b.add_grad(db)
        if a.tracked:
            _back(a, lambda db, y: -db @ _turned(y), db, y)

    return record(y, gradient, a, b)


def solve_triangular(a, b, lower=False):
    """`solve` for a matrix of which only the upper (or lower) triangle counts."""
    return solve(tril(floats(a)) if lower else triu(floats(a)), b)


def inv(x):
    """The inverse matrix. Gradient: -y.T @ dy @ y.T."""
    x = _matrices("inv", x, square=True)
    (y,) = _by_numpy(np.linalg.inv, [x.shape], [x.value.dtype], x.value)

    def gradient(dy):
        _back(x, lambda y, dy: -_turned(y) @ dy @ _turned(y), y, dy)

    return record(y, gradient, x)


def pinv(x, rcond=None):
    """The pseudo-inverse: of singular values below rcond times the largest none is inverted.

    Gradient: Golub & Pereyra, 1973.
    """
    x = _matrices("pinv", x)
    rcond = 10 * max(x.shape[-2:]) * float(np.finfo(x.dtype).eps) if rcond is None else rcond
    shape = (*x.shape[:-2], x.shape[-1], x.shape[-2])
    (y,) = _by_numpy(lambda x: np.linalg.pinv(x, rcond), [shape], [x.value.dtype], x.value)

    def pull_back(x, y, dy):
        y_, dy_ = _turned(y), _turned(dy)
        return -y_ @ dy @ y_ + (dy_ - x @ (y @ dy_)) @ y @ y_ + y_ @ y @ (dy_ - (dy_ @ y) @ x)

    def gradient(dy):
        _back(x, pull_back, x.value, y, dy)

    return record(y, gradient, x)


def lstsq(a, b, rcond=None):
    """The x for which a @ x is nearest to b; of several the shortest. Shapes: a (m, n), b (m,) or (m, k)."""
    a, b = pair(floats(a), floats(b))
    return matmul(pinv(a, rcond if rcond is not None else float(np.finfo(a.dtype).eps) * max(a.shape)), b)


# decomposing -----------------------------------------------------------------------------------


def cholesky(x, upper=False):
    """The lower triangle l with l @ l.T = x, of a symmetric, positive definite matrix; or the upper one, its transpose.

    Raises
    ------
    ValueError
        If the matrix is not positive definite.
    """
    x = _matrices("cholesky", x, square=True)
    x = (x + swapaxes(x, -1, -2)) * 0.5
    (y,) = _by_numpy(np.linalg.cholesky, [x.shape], [x.value.dtype], x.value)

    def pull_back(y, dy):
        inner = np.tril(_turned(y) @ dy)
        inner -= 0.5 * inner * np.eye(inner.shape[-1])
        inner = np.linalg.solve(_turned(y), inner)  # y.T to the left
        inner = _turned(np.linalg.solve(_turned(y), _turned(inner)))  # y to the right
        return (inner + _turned(inner)) / 2

    def gradient(dy):
        _back(x, pull_back, y, dy)

    lower = record(y, gradient, x)
    return swapaxes(lower, -1, -2) if upper else lower


def cholesky_inverse(x, upper=False):
    """The inverse of the matrix whose Cholesky decomposition x is."""
    x = _matrices("cholesky_inverse", x, square=True)
    y = solve_triangular(x, eye(x.shape[-1], dtype=x.dtype), lower=not upper)
    return matmul(y, swapaxes(y, -1, -2)) if upper else matmul(swapaxes(y, -1, -2), y)


def qr(x, mode="reduced"):
    """q with orthonormal columns and r, zero below the diagonal: q @ r = x. The gradient is for "reduced", m >= n.

    Returns
    -------
    q, r : Tensor
        Of an (m, n) matrix (m, k) and (k, n), where k is the smaller of m and n; with mode "complete" k is m.
    """
    x = _matrices("qr", x)
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr: mode must be 'reduced' or 'complete'; got {mode!r}.")
    *lead, m, n = x.shape
    k = m if mode == "complete" else min(m, n)
    function = lambda x: tuple(np.linalg.qr(x, mode))
    q, r = _by_numpy(function, [(*lead, m, k), (*lead, k, n)], [x.value.dtype] * 2, x.value)
    if k != n:
        return tuple(record(y, no_gradient("qr of a wide matrix, or with mode 'complete'"), x) for y in (q, r))

    def pull_back(q, r, dq, dr):
        inner = r @ _turned(dr) - _turned(dq) @ q
        inner = np.tril(inner) + _turned(np.tril(inner, -1))
        return _turned(np.linalg.solve(r, _turned(dq + q @ inner)))

    def from_q(dq):
        _back(x, pull_back, q, r, dq, np.zeros_like(r))

    def from_r(dr):
        _back(x, pull_back, q, r, np.zeros_like(q), dr)

    return record(q, from_q, x), record(r, from_r, x)


def eigh(x):
    """The eigenvalues of a symmetric matrix, from the smallest on, and its eigenvectors, as columns.

    Gradient: v @ (diag(dw) + v.T @ dv / (w_j - w_i)) @ v.T; none where two eigenvalues are the same.
    """
    x = _matrices("eigh", x, square=True)
    x = (x + swapaxes(x, -1, -2)) * 0.5
    function = lambda x: tuple(np.linalg.eigh(x))
    w, v = _by_numpy(function, [x.shape[:-1], x.shape], [x.value.dtype] * 2, x.value)

    def from_w(dw):
        _back(x, lambda v, dw: (v * dw[..., None, :]) @ _turned(v), v, dw)

    def pull_back(w, v, dv):
        apart = w[..., None, :] - w[..., :, None] + np.eye(w.shape[-1], dtype=w.dtype)
        return v @ (_turned(v) @ dv / apart * (1 - np.eye(w.shape[-1], dtype=w.dtype))) @ _turned(v)

    def from_v(dv):
        _back(x, pull_back, w, v, dv)

    return record(w, from_w, x), record(v, from_v, x)


def svd(x, full_matrices=True, compute_uv=True):
    """u, s, vh with u @ diag(s) @ vh = x: orthonormal columns, singular values from the largest on, orthonormal rows.

    Without compute_uv only s. The gradient is that of s: u @ diag(ds) @ vh.
    """
    x = _matrices("svd", x)
    *lead, m, n = x.shape
    k = min(m, n)
    rows, columns = ((m, n) if full_matrices else (k, k)) if compute_uv else (k, k)
    function = lambda x: tuple(np.linalg.svd(x, full_matrices and compute_uv))
    shapes = [(*lead, m, rows), (*lead, k), (*lead, columns, n)]
    u, s, vh = _by_numpy(function, shapes, [x.value.dtype] * 3, x.value)

    def gradient(ds):
        _back(x, lambda u, vh, ds: (u[..., :k] * ds[..., None, :]) @ vh[..., :k, :], u, vh, ds)

    s = record(s, gradient, x)
    if not compute_uv:
        return s
    return record(u, no_gradient("svd (but for s)"), x), s, record(vh, no_gradient("svd (but for s)"), x)


def lu_factor(x):
    """Lower and upper triangle of a matrix whose rows are exchanged, in one matrix (the ones on l's diagonal left out).

    Returns
    -------
    lu, pivots : Tensor
        Row i was exchanged with row pivots[i], from the first to the last.
    """
    x = _matrices("lu_factor", x)
    *lead, m, n = x.shape
    lu, pivots = _by_numpy(_eliminated, [x.shape, (*lead, min(m, n))], [x.value.dtype, np.dtype("int32")], x.value)
    return record(lu, no_gradient("lu_factor"), x), Tensor(pivots)


def _eliminated(x):
    """Gauss's elimination, with the largest number of each column as the pivot."""
    lu = np.array(x)
    pivots = np.empty((*x.shape[:-2], min(x.shape[-2:])), np.int32)
    for m, p in zip(lu.reshape(-1, *x.shape[-2:]), pivots.reshape(-1, pivots.shape[-1])):
        for j in range(p.size):
            p[j] = j + abs(m[j:, j]).argmax()
            m[[j, p[j]]] = m[[p[j], j]]
            if m[j, j]:
                m[j + 1 :, j] /= m[j, j]
            m[j + 1 :, j + 1 :] -= np.outer(m[j + 1 :, j], m[j, j + 1 :])
    return lu, pivots


# numbers that say something of a matrix --------------------------------------------------------


def det(x):
    """The determinant. Gradient: dy * y * inverse.T."""
    x = _matrices("det", x, square=True)
    (y,) = _by_numpy(np.linalg.det, [x.shape[:-2]], [x.value.dtype], x.value)

    def gradient(dy):
        _back(x, lambda x, y, dy: (dy * y)[..., None, None] * _turned(np.linalg.inv(x)), x.value, y, dy)

    return record(y, gradient, x)


def slogdet(x):
    """The determinant's sign, and the logarithm of its size. Gradient of the latter: dy * inverse.T."""
    x = _matrices("slogdet", x, square=True)
    function = lambda x: tuple(np.linalg.slogdet(x))
    sign, y = _by_numpy(function, [x.shape[:-2]] * 2, [x.value.dtype] * 2, x.value)

    def gradient(dy):
        _back(x, lambda x, dy: dy[..., None, None] * _turned(np.linalg.inv(x)), x.value, dy)

    return Tensor(sign), record(y, gradient, x)


def logdet(x):
    """The logarithm of the determinant's size."""
    return slogdet(x)[1]


def matrix_rank(x, tol=None):
    """How many singular values are above `tol`, the largest times a rounding error unless given. int32."""
    x = _matrices("matrix_rank", x)
    (y,) = _by_numpy(lambda x: np.linalg.matrix_rank(x, tol), [x.shape[:-2]], [np.dtype("int32")], x.value)
    return Tensor(y)


def norm(x, ord=None, axis=None, keepdims=False):
    """The size of vectors, or of matrices where `axis` names two axes (or x has two and ord is given).

    Of vectors ord is a number, 2 unless given: (sum of |x| ** ord) ** (1 / ord); inf and -inf are the largest and the
    smallest |x|, 0 how many are not 0. Of matrices it is "fro" unless given, "nuc", 1, -1, inf, -inf, 2 or -2.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> ops.norm([[3.0, 4.0], [6.0, 8.0]], axis=1).numpy()
    array([ 5., 10.], dtype=float32)
    """
    x = floats(x)
    axes = axes_of(axis, x.ndim)
    if ord is None:
        return a.sqrt(sum_of(a.square(x), axes, keepdims))
    if len(axes) == 1:
        return _vector_norm(x, ord, axes, keepdims)
    if len(axes) != 2:
        raise ValueError(f"norm: ord={ord!r} is for vectors and matrices; got axis={axis} of shape {x.shape}.")
    first, second = (axes_of(i, x.ndim)[0] for i in (axis or (0, 1)))
    y = _matrix_norm(moveaxis(x, (first, second), (-2, -1)), ord)
    return reshape(y, [1 if i in axes else n for i, n in enumerate(x.shape)]) if keepdims else y


def _vector_norm(x, ord, axes, keepdims):
    if isinstance(ord, str):
        raise ValueError(f"norm: ord={ord!r} is for matrices: name two axes.")
    size = a.absolute(x)
    if ord in (np.inf, -np.inf):
        return (max_of if ord > 0 else min_of)(size, axes, keepdims)
    if ord == 0:
        return sum_of(cast(a.not_equal(x, 0), x.dtype), axes, keepdims)
    if ord in (1, 2):
        return sum_of(size, axes, keepdims) if ord == 1 else a.sqrt(sum_of(a.square(x), axes, keepdims))
    return a.power(sum_of(a.power(size, float(ord)), axes, keepdims), 1.0 / ord)


def _matrix_norm(x, ord):
    if ord == "fro":
        return a.sqrt(sum_of(a.square(x), (-2, -1)))
    if ord in ("nuc", 2, -2):
        s = svd(x, compute_uv=False)
        return sum_of(s, -1) if ord == "nuc" else (max_of if ord > 0 else min_of)(s, -1)
    if ord not in (1, -1, np.inf, -np.inf):
        raise ValueError(f"norm: ord of a matrix must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf; got {ord!r}.")
    sums = sum_of(a.absolute(x), -2 if ord in (1, -1) else -1)
    return (max_of if ord > 0 else min_of)(sums, -1)
