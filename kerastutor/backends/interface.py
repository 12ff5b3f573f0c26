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
    "concatenate": ("parts, axis, out", "parts: a tuple of arrays, one behind the other along axis"),
    # arithmetic, with NumPy's broadcasting
    "add": ("a, b, out", "a + b"),
    "subtract": ("a, b, out", "a - b"),
    "multiply": ("a, b, out", "a * b"),
    "divide": ("a, b, out", "a / b"),
    "power": ("a, b, out", "a ** b"),
    "mod": ("a, b, out", "what remains of a divided by b, with b's sign"),
    "floor_divide": ("a, b, out", "the largest whole number not above a / b"),
    "arctan2": ("a, b, out", "the angle of the point (b, a), from -pi to pi"),
    "maximum": ("a, b, out", "the larger of a and b"),
    "minimum": ("a, b, out", "the smaller of a and b"),
    "equal": ("a, b, out", "a == b, bool"),
    "not_equal": ("a, b, out", "a != b, bool"),
    "greater": ("a, b, out", "a > b, bool"),
    "greater_equal": ("a, b, out", "a >= b, bool"),
    "less": ("a, b, out", "a < b, bool"),
    "less_equal": ("a, b, out", "a <= b, bool"),
    "where": ("condition, a, b, out", "a where condition, else b"),
    "bitwise_and": ("a, b, out", "a & b; whole numbers or bools"),
    "bitwise_or": ("a, b, out", "a | b"),
    "bitwise_xor": ("a, b, out", "a ^ b"),
    "left_shift": ("a, b, out", "a << b"),
    "right_shift": ("a, b, out", "a >> b"),
    # elementwise; x, y: (n,)
    "negative": ("x, y", "-x"),
    "absolute": ("x, y", "|x|"),
    "sign": ("x, y", "-1, 0 or 1"),
    "square": ("x, y", "x * x"),
    "sqrt": ("x, y", "the square root"),
    "exp": ("x, y", "e ** x"),
    "expm1": ("x, y", "e ** x - 1, right for small x too"),
    "log": ("x, y", "the natural logarithm"),
    "log1p": ("x, y", "log(1 + x), right for small x too"),
    "sin": ("x, y", "the sine"),
    "cos": ("x, y", "the cosine"),
    "erf": ("x, y", "the error function: 2 / sqrt(pi) times the integral of e ** -t ** 2 from 0 to x"),
    "erfc": ("x, y", "1 - erf(x), right for large x too"),
    "floor": ("x, y", "the largest whole number not above x"),
    "round": ("x, y", "the nearest whole number, an even one where two are equally near"),
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
    "argsort": ("x, out", "out: (rows, k) int32, the places of each row's numbers from the smallest on; equals in the "
                "order in which they come, NaN last"),
    "cumsum": ("x, backwards, out", "the sum of each row up to here, or from its end back to here"),
    "cumprod": ("x, out", "the product of each row up to here"),
    "cumprod_grad": ("dy, x, y, dx", "its gradient, right where x is 0 too"),
    # images; x, y: (n, rows, columns, channels); transform: (n, 8), the pixel of x for pixel (i, j) of y is row
    # t[3] j + t[4] i + t[5], column t[0] j + t[1] i + t[2]; between pixels the nearest or, if bilinear, a mean of four;
    # beyond the image, by `fill`: 0 fill_value, 1 the edge, 2 the image again, 3 mirrored at the edge, 4 behind it
    "warp": ("x, transform, bilinear, fill, fill_value, y", "each image, moved"),
    "warp_grad": ("dy, transform, bilinear, fill, dx", "its gradient"),
    # batch normalization; x: (rows, k); mean, variance, gamma, beta, dgamma, dbeta: (k,); e a Python float
    "column_moments": ("x, mean, variance", "the mean of each column and its mean squared distance from it"),
    "batch_norm": ("x, mean, variance, gamma, beta, e, y", "(x - mean) / sqrt(variance + e) * gamma + beta"),
    "batch_norm_sums": ("dy, x, mean, variance, e, dgamma, dbeta",
                        "the sums over the rows of dy * (x - mean) / sqrt(variance + e), and of dy"),
    "batch_norm_grad": ("dy, x, mean, variance, gamma, dgamma, dbeta, rows, e, dx",
                        "gamma / s * (dy - dbeta / rows - (x - mean) / s * dgamma / rows), s = sqrt(variance + e)"),
    # convolution; x, dx: (n, ..., c); y, dy: (n, ..., o); w, dw: (..., c / groups, o), (..., c) where each channel is
    # a group by itself and o = c; `...`: one axis or more; strides, dilation, before: an int for each of these axes.
    # A window begins at p * strides - before, and where it is outside of x it finds zeros
    "conv": ("x, w, strides, dilation, before, y",
             "y[p] = sum over taps t of x[p * strides + t * dilation - before] @ w[t]"),
    "conv_input_grad": ("dy, w, strides, dilation, before, dx", "its gradient to x, from dy"),
    "conv_kernel_grad": ("x, dy, strides, dilation, before, dw", "its gradient to w, summed over the batch"),
    "depthwise_conv": ("x, w, strides, dilation, before, y",
                       "y[p] = sum over taps t of x[p * strides + t * dilation - before] * w[t]"),
    "depthwise_conv_input_grad": ("dy, w, strides, dilation, before, dx", "its gradient to x, from dy"),
    "depthwise_conv_kernel_grad": ("x, dy, strides, dilation, before, dw", "its gradient to w, summed over the batch"),
    # pooling; x, dx: (n, height, width, channels); y, dy, place: the same with fewer rows and columns; pairs of ints:
    # size of a window, strides between windows, before: how far the first one begins outside, above and left
    "max_pool": ("x, size, strides, before, y, place",
                 "the largest of each window, and where in it that is, counted row by row; the first of equals"),
    "max_pool_grad": ("dy, place, size, strides, before, dx", "dx = 0, then dy added at each window's place"),
    "average_pool": ("x, size, strides, before, y", "the mean of each window, of its part inside x"),
    "average_pool_grad": ("dy, size, strides, before, dx", "dx = 0, then each dy shared equally over its window"),
    # recurrent layers; z: (batch, time, gates * units), the part of the gates that x gives; u: (units, gates * units);
    # mask: (batch, time) bool, where it is False a step changes nothing and z becomes 0; way: 1, or -1 if the last step
    # is made first, each where it stands; h0, dh0, c_last, ...: (batch, units); before, c_before, inner: (batch, time,
    # units), the state before each step and what else the way back needs; hs, dhs: (batch, time, units), or (batch, 1,
    # units) for the step made last alone; db: b's gradient, per sample
    "simple_rnn": ("u, b, mask, way, h0, z, before, hs", "h = tanh(z + h @ u + b) step by step; z = the tanh"),
    "simple_rnn_grad": ("dhs, u, mask, way, z, db, dh0",
                        "from z as simple_rnn left it: z = the gradient of what it was"),
    "lstm": ("u, b, mask, way, h0, c0, z, before, c_before, hs, c_last",
             "i, f, g, o = z + h @ u + b, sigmoid but g tanh; c = f c + i g; h = o tanh(c); z = the gates"),
    "lstm_grad": ("dhs, dc_last, u, mask, way, c_before, z, db, dh0, dc0", "as simple_rnn_grad"),
    "gru": ("u, b, mask, way, h0, z, before, inner, hs",
            "s = h @ u + b[1]; z, r = sigmoid(z + b[0] + s); h = z h + (1 - z) tanh(z + b[0] + r s), each with its "
            "third of z, b and s; z = the gates; inner = the last third of s"),
    "gru_grad": ("dhs, u, mask, way, before, inner, z, ds, db, dh0",
                 "as simple_rnn_grad; ds: the gradient of s, long as z"),
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
    "next_part": ("source, place, out", "out: (k,) = the k numbers of source from place[0] on, and place[0] += k; "
                  "place: (1,) int64; past the end of source nothing happens but that"),
    "outside": ("index, limit, found", "found: (1,) int64 = the first i with index[i] outside 0..limit-1, or -1"),
    # losses; y, p: (rows, k), labels: (rows,) int32, out, g: (rows,); e keeps p within e..1-e
    "binary_crossentropy": ("y, p, e, out", "mean of -y log p - (1 - y) log(1 - p), row by row"),
    "binary_crossentropy_grad": ("g, y, p, e, dp", "its gradient"),
    "categorical_crossentropy": ("y, p, e, out", "-sum of y log(p / sum p), row by row"),
    "categorical_crossentropy_grad": ("g, y, p, e, dp", "its gradient"),
    "sparse_crossentropy": ("labels, p, e, out", "-log(p[label] / sum p), row by row"),
    "sparse_crossentropy_grad": ("g, labels, p, e, dp", "its gradient"),
    # CTC; labels: (n, letters) int32, of which `lengths` count; log_p, share: (n, steps, k), of which `steps` count;
    # lengths, steps: (n,) int32; blank: a class
    "ctc": ("labels, lengths, steps, log_p, blank, out, share",
            "out: (n,) = -log of the sum over all ways through time; share: of them, the part at a class at a step"),
    # metrics
    "binary_accuracy": ("y, p, threshold, out", "share of (p > threshold) == y, row by row"),
    "categorical_accuracy": ("y, p, out", "1 where y and p are largest at the same place, row by row"),
    "sparse_accuracy": ("labels, p, out", "1 where p is largest at the label, row by row"),
    "accumulate": ("values, weights, total, count", "total += sum of values * weights, count += sum of weights; all "
                   "(n,) but total and count (1,); one weight may serve all values"),
    "count_hits": ("thresholds, y, p, weights, tp, fp, tn, fn",
                   "the weights of true and false positives and negatives, added column by column; y != 0 is positive, "
                   "p > threshold is called so; thresholds: (t,) from the smallest on, y, p: (n, k), weights: the same "
                   "or (1, 1), the others: (t, k) float64"),
    "count_pairs": ("a, b, weights, table", "table: (k, k), table[a[i], b[i]] += weights[i]; pairs outside don't "
                    "count; a, b: (n,) int32, weights: (n,) or (1,)"),
    # random; seed: (2,) uint32 = key and counter, the counter is stepped on
    "random_uniform": ("seed, out", "out: (n,) float32 in 0..1, from a hash of key, counter and place"),
    "dropout_mask": ("seed, rate, out", "out: (n,) = 1 / (1 - rate), or 0 with probability rate"),
    # optimizers; all (n,) but rate: (1,), this step's learning rate, and factors: (4,), what else this step's number
    # decides, so that a replayed step sees new ones
    "sgd": ("w, g, rate", "w -= rate g"),
    "momentum": ("w, g, m, rate, momentum, nesterov", "m = momentum m - rate g; w += m, or momentum m - rate g ahead"),
    "rmsprop": ("w, g, v, rate, rho, e", "v = rho v + (1 - rho) g g; w -= rate g / sqrt(v + e)"),
    "adam": ("w, g, m, v, rate, factors, beta_1, beta_2, e",
             "m = beta_1 m + (1 - beta_1) g; v = beta_2 v + (1 - beta_2) g g; w -= rate f0 m / (sqrt(v) + e)"),
    "nadam": ("w, g, m, v, rate, factors, beta_1, beta_2, e",
              "m and v as in adam; w -= rate (f0 m + f1 g) / (sqrt(f2 v) + e)"),
    "adamax": ("w, g, m, u, rate, factors, beta_1, beta_2, e",
               "m as in adam; u = max(beta_2 u, |g|); w -= rate f0 m / (u + e)"),
    "adagrad": ("w, g, a, rate, e", "a += g g; w -= rate g / sqrt(a + e)"),
    "adadelta": ("w, g, a, d, rate, rho, e",
                 "a = rho a + (1 - rho) g g; s = g sqrt(d + e) / sqrt(a + e); d = rho d + (1 - rho) s s; w -= rate s"),
    "ftrl": ("w, g, a, z, rate, power, l1, l2, shrinkage, beta",
             "b = a + g g; z += g + 2 shrinkage w - (b ** -power - a ** -power) / rate w; a = b; "
             "w = (z clipped to -l1..l1 - z) / (b ** -power / rate + 2 l2 + beta / rate)"),
    "lion": ("w, g, m, rate, beta_1, beta_2",
             "w -= rate sign(beta_1 m + (1 - beta_1) g); m = beta_2 m + (1 - beta_2) g"),
    "weight_decay": ("w, rate, decay", "w -= rate decay w"),
    "running_mean": ("x, mean, share", "mean += share (x - mean); share: (1,)"),
    "count_on": ("count", "count += 1; (1,) int32"),
}
