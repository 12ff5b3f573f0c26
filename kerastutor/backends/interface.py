"""The contract: every kernel, its arguments and what it writes. Each backend has exactly these, under these names.

Results come last among the arguments; they are C-contiguous, of the right shape and dtype, and written whole.
Inputs are C-contiguous too, except in `matmul`, where either factor may be a transposed view.
Shapes: `n` any number of elements, one-dimensional; `rows, k` two-dimensional, whatever came before the last axis
folded into rows; `...` any shape. Floats are float32, or float64 in a gradient check; labels are int32.
No kernel checks its arguments: `keras/ops` does, before it calls.
"""

KERNELS = {
    # name: (arguments, meaning)
    # memory
    "empty": ("shape, dtype", "a new array, not filled (returned: the one kernel that makes something)"),
    "cast": ("x, out", "out = x in out's dtype; x may have size 1 where out is longer"),
    "transpose": ("x, axes, out", "out[i_axes[0], i_axes[1], ...] = x[i0, i1, ...]"),
    # arithmetic, with NumPy's broadcasting
    "add": ("a, b, out", "a + b"),
    "subtract": ("a, b, out", "a - b"),
    "multiply": ("a, b, out", "a * b"),
    "divide": ("a, b, out", "a / b"),
    "power": ("a, b, out", "a ** b"),
    "maximum": ("a, b, out", "the larger of a and b"),
    "minimum": ("a, b, out", "the smaller of a and b"),
    "equal": ("a, b, out", "a == b, bool"),
    "not_equal": ("a, b, out", "a != b, bool"),
    "greater": ("a, b, out", "a > b, bool"),
    "greater_equal": ("a, b, out", "a >= b, bool"),
    "less": ("a, b, out", "a < b, bool"),
    "less_equal": ("a, b, out", "a <= b, bool"),
    "where": ("condition, a, b, out", "a where condition, else b"),
    # elementwise; x, y: (n,)
    "negative": ("x, y", "-x"),
    "absolute": ("x, y", "|x|"),
    "sign": ("x, y", "-1, 0 or 1"),
    "square": ("x, y", "x * x"),
    "sqrt": ("x, y", "the square root"),
    "exp": ("x, y", "e ** x"),
    "log": ("x, y", "the natural logarithm"),
    "log1p": ("x, y", "log(1 + x), right for small x too"),
    "sigmoid": ("x, y", "1 / (1 + e ** -x)"),
    "sigmoid_grad": ("dy, y, dx", "dy * y * (1 - y)"),
    "tanh": ("x, y", "the hyperbolic tangent"),
    "tanh_grad": ("dy, y, dx", "dy * (1 - y * y)"),
    "relu": ("x, y", "max(x, 0)"),
    "relu_grad": ("dy, y, dx", "dy where y > 0, else 0"),
    "softplus": ("x, y", "log(1 + e ** x)"),
    "scale": ("x, factor, y", "factor * x; factor a Python float"),
    # products
    "matmul": ("a, b, out", "(n, k) @ (k, m)"),
    "batch_matmul": ("a, b, out", "(..., n, k) @ (..., k, m), NumPy's broadcasting over the leading axes"),
    # rows; x: (rows, k), b: (k,)
    "add_bias": ("x, b, y", "x + b for each row"),
    "sum_rows": ("x, out", "out: (k,), the sum over the rows"),
    "softmax": ("x, y", "e ** x / sum of e ** x, row by row"),
    "softmax_grad": ("dy, y, dx", "y * (dy - sum of dy * y), row by row"),
    "log_softmax": ("x, y", "x - log of the sum of e ** x, row by row"),
    "log_softmax_grad": ("dy, y, dx", "dy - e ** y * sum of dy, row by row"),
    "argmax": ("x, out", "out: (rows,) int32, where each row is largest; the first of equals"),
    # reductions; axes a tuple, out has 1 in place of each
    "sum": ("x, axes, out", "the sum over axes"),
    "max": ("x, axes, out", "the largest over axes"),
    "min": ("x, axes, out", "the smallest over axes"),
    "mean": ("x, out", "x: (n,), out: (1,), the mean"),
    "fill": ("out, value, factor", "out: (n,) = value[0] * factor; value: (1,)"),
    # rows chosen by an index; table: (m, k), index: (n,) int32 within 0..m-1
    "take_rows": ("table, index, out", "out: (n, k) = table[index]"),
    "add_at_rows": ("index, dy, dtable", "dtable: (m, k) = 0, then dtable[index[i]] += dy[i]"),
    "one_hot": ("index, out", "out: (n, k) = 1 at [i, index[i]], else 0; rows whose index is outside stay 0"),
    "outside": ("index, limit, found", "found: (1,) int64 = the first i with index[i] outside 0..limit-1, or -1"),
    # losses; y, p: (rows, k), labels: (rows,) int32, out, g: (rows,); e keeps p within e..1-e
    "binary_crossentropy": ("y, p, e, out", "mean of -y log p - (1 - y) log(1 - p), row by row"),
    "binary_crossentropy_grad": ("g, y, p, e, dp", "its gradient"),
    "categorical_crossentropy": ("y, p, e, out", "-sum of y log(p / sum p), row by row"),
    "categorical_crossentropy_grad": ("g, y, p, e, dp", "its gradient"),
    "sparse_crossentropy": ("labels, p, e, out", "-log(p[label] / sum p), row by row"),
    "sparse_crossentropy_grad": ("g, labels, p, e, dp", "its gradient"),
    # metrics
    "binary_accuracy": ("y, p, threshold, out", "share of (p > threshold) == y, row by row"),
    "categorical_accuracy": ("y, p, out", "1 where y and p are largest at the same place, row by row"),
    "sparse_accuracy": ("labels, p, out", "1 where p is largest at the label, row by row"),
    "accumulate": ("values, weights, total, count", "total += sum of values * weights, count += sum of weights; all "
                   "(n,) but total and count (1,); one weight may serve all values"),
    # random; seed: (2,) uint32 = key and counter, the counter is stepped on
    "random_uniform": ("seed, out", "out: (n,) float32 in 0..1, from a hash of key, counter and place"),
    "dropout_mask": ("seed, rate, out", "out: (n,) = 1 / (1 - rate), or 0 with probability rate"),
    # optimizers; all (n,) but rate: (1,), this step's learning rate, so that a replayed step sees a new one
    "sgd": ("w, g, rate", "w -= rate g"),
    "momentum": ("w, g, m, rate, momentum, nesterov", "m = momentum m - rate g; w += m, or momentum m - rate g ahead"),
    "rmsprop": ("w, g, v, rate, rho, e", "v = rho v + (1 - rho) g g; w -= rate g / sqrt(v + e)"),
    "adam": ("w, g, m, v, rate, beta_1, beta_2, e",
             "m = beta_1 m + (1 - beta_1) g; v = beta_2 v + (1 - beta_2) g g; w -= rate m / (sqrt(v) + e)"),
}
