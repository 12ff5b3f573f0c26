"""Linear algebra, Fourier transforms, and images cut into pieces."""

from .case import Case, definite, given, ints, normal, positive, regular

SINGULAR = given([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])


def _eigh(ops, x):
    w, v = ops.eigh(x)
    return w, v[..., :, :1] * v[..., None, :, 0]


def _svd(ops, x, **options):
    u, s, vh = ops.svd(x, **options)
    k = s.shape[-1]
    return s, ops.matmul(u[..., :k] * s[..., None, :], vh[..., :k, :])


def _fft_of(name, **options):
    return lambda ops, *parts: getattr(ops, name)(parts, **options)


CASES = [
    Case("solve", regular(3, 3), (3,)),
    Case("solve", regular(3, 3), (3, 2)),
    Case("solve", regular(2, 3, 3), (2, 3, 1)),
    Case("solve_triangular", regular(3, 3), (3, 2)),
    Case("solve_triangular", regular(3, 3), (3, 2), lower=True),
    Case("inv", regular(3, 3)),
    Case("inv", regular(2, 2, 2)),
    Case("pinv", (4, 2)),
    Case("pinv", (2, 4)),
    Case("pinv", SINGULAR, gradient=False),
    Case("lstsq", (5, 2), (5,)),
    Case("lstsq", (5, 2), (5, 3)),
    Case("det", regular(3, 3)),
    Case("det", regular(2, 2, 2)),
    Case("slogdet", regular(3, 3)),
    Case("slogdet", normal(4, 2, 2)),
    Case("logdet", regular(3, 3)),
    Case("matrix_rank", SINGULAR, gradient=False),
    Case("matrix_rank", regular(2, 3, 3), gradient=False),
    Case("cholesky", definite(3, 3), replay=False),
    Case("cholesky", definite(2, 3, 3), upper=True),
    Case("cholesky_inverse", regular(3, 3)),
    Case("cholesky_inverse", regular(3, 3), upper=True),
    Case("qr", (4, 3)),
    Case("qr", regular(2, 3, 3)),
    Case("qr", (2, 3), gradient=False),
    Case("qr", (4, 2), mode="complete", gradient=False),
    Case("eigh", definite(3, 3), by=_eigh),
    Case("eigh", definite(2, 2, 2), by=_eigh),
    Case("svd", (4, 3), compute_uv=False),
    Case("svd", (2, 3, 4), compute_uv=False),
    Case("svd", (4, 3), by=_svd, gradient=False),
    Case("svd", (2, 3, 4), by=_svd, full_matrices=False, gradient=False),
    Case("lu_factor", (3, 3), gradient=False),
    Case("lu_factor", (2, 4, 3), gradient=False),
    *[Case("norm", (3, 4), **options) for options in (
        {}, {"axis": 1}, {"axis": 0, "ord": 1}, {"axis": 1, "ord": 3}, {"axis": -1, "ord": float("inf")},
        {"axis": 1, "ord": float("-inf"), "keepdims": True}, {"ord": "fro"}, {"ord": "nuc"}, {"ord": 1}, {"ord": -1},
        {"ord": float("inf")}, {"ord": 2}, {"ord": -2}, {"axis": (0, 1), "ord": "fro", "keepdims": True},
    )],
    Case("norm", (2, 3, 4), axis=(1, 2), ord=1),
    Case("norm", (2, 3, 4), axis=(0, -1)),
    Case("norm", given([1.0, 0.0, 2.0]), ord=0, gradient=False),
    Case("norm", ints([3, 4]), gradient=False),
    Case("cdist", (3, 4), (2, 4)),
    Case("cdist", (2, 3, 2), (1, 4, 2)),
    # Fourier
    Case("fft", (2, 5), (2, 5), by=_fft_of("fft")),
    Case("fft2", (2, 3, 4), (2, 3, 4), by=_fft_of("fft2")),
    Case("ifft2", (3, 4), (3, 4), by=_fft_of("ifft2")),
    *[Case("rfft", (2, 6), fft_length=n) for n in (None, 4, 5, 9)],
    Case("rfft", (5,)),
    *[Case("irfft", (2, 4), (2, 4), by=_fft_of("irfft", fft_length=n)) for n in (None, 4, 5, 7, 9)],
    Case("extract_sequences", (2, 10), sequence_length=4, sequence_stride=3),
    Case("stft", (2, 20), sequence_length=6, sequence_stride=3, fft_length=8),
    Case("stft", (20,), sequence_length=5, sequence_stride=2, fft_length=5, window="hamming", center=False),
    Case("stft", (20,), sequence_length=4, sequence_stride=4, fft_length=8, window=None, center=False),
    Case("istft", (2, 7, 5), (2, 7, 5), by=lambda ops, *x: ops.istft(x, 6, 3, 8), rtol=1e-4, atol=1e-5),
    Case("istft", (7, 5), (7, 5), by=lambda ops, *x: ops.istft(x, 8, 3, 8, length=17), rtol=1e-4, atol=1e-5),
    Case("istft", (4, 5), (4, 5), by=lambda ops, *x: ops.istft(x, 8, 4, 8, window=None, center=False), rtol=1e-4),
    *[Case(name, ints(n), gradient=False, replay=False) for name in ("bartlett", "blackman", "hamming", "hanning")
      for n in (1, 6)],
    Case("kaiser", ints(6), beta=14.0, gradient=False, replay=False),
    Case("i0", (2, 3), gradient=False),
    # pieces of images
    Case("unfold", (2, 2, 5, 4), kernel_size=2),
    Case("unfold", (1, 2, 6, 5), kernel_size=(3, 2), dilation=(1, 2), padding=1, stride=(2, 1)),
    Case("fold", (2, 8, 12), output_size=(5, 4), kernel_size=2),
    Case("fold", (1, 6, 15), output_size=(6, 5), kernel_size=(3, 2), dilation=(1, 2), padding=1, stride=(2, 1)),
    *[Case(name, (1, 4, 4, 4), block_size=2, data_format=where) for name in ("depth_to_space", "space_to_depth")
      for where in ("channels_last", "channels_first")],
    Case("depth_to_space", positive(2, 1, 2, 18), block_size=3),
]
