"""What can be shared of each kernel's work, and about how much work it is.

A kernel that is not named here is done by one core. A line for a new one is all that it needs to be shared: which of
its arguments hold a row, or several, of their own for each row that it treats.
"""

import numpy as np

from . import (
    broadcasting,
    convolution,
    elementwise,
    indexing,
    losses,
    metrics,
    moves,
    normalization,
    optimizers,
    pooling,
    products,
    random,
    recurrent,
    rows,
    zeros,
)
from .simd import LANES
from .windows import Windows

# kernel -> which of its arguments are divided by rows; the others every core reads whole, and so it does one of these
# that has a single row where others have many
DIVIDED = {
    products.matmul: (0, 2),
    products.matmul_over_rows: (0, 1),
    products.product: (0, 1, 9),
    products.product_by_columns: (10,),
    products.product_over_rows: (0, 4),
    products.batch_product: (0, 4, 7),
    zeros.product: (0, 2),
    zeros.product_over_rows: (0, 1),
    broadcasting.add: (0, 1, 2),
    broadcasting.subtract: (0, 1, 2),
    broadcasting.multiply: (0, 1, 2),
    broadcasting.divide: (0, 1, 2),
    broadcasting.maximum: (0, 1, 2),
    broadcasting.minimum: (0, 1, 2),
    broadcasting.equal: (0, 1, 2),
    broadcasting.not_equal: (0, 1, 2),
    broadcasting.greater: (0, 1, 2),
    broadcasting.greater_equal: (0, 1, 2),
    broadcasting.less: (0, 1, 2),
    broadcasting.less_equal: (0, 1, 2),
    broadcasting.where: (0, 1, 2, 3),
    broadcasting.move: (0, 1),
    broadcasting.copy: (0, 1),
    moves.move: (0, 1),
    rows.sum_some_rows: (0,),
    rows.sum_middle: (0, 1),
    rows.sum_each_row: (0, 1),
    rows.add_bias: (0, 2),
    rows.softmax: (0, 1),
    rows.softmax_grad: (0, 1, 2),
    rows.log_softmax: (0, 1),
    rows.log_softmax_grad: (0, 1, 2),
    convolution.correlate: (0, 7),
    convolution.correlate_grad: (0, 1),
    convolution.correlate_channels: (0, 4),
    convolution.correlate_channels_grad: (0, 1),
    normalization.some_moments: (0,),
    normalization.some_sums: (0, 1),
    normalization.batch_norm: (0, 6),
    normalization.batch_norm_grad: (0, 1, 9),
    pooling.max_pool: (0, 4, 5),
    pooling.max_pool_grad: (0, 1, 5),
    pooling.average_pool: (0, 4),
    pooling.average_pool_grad: (0, 4),
    recurrent.simple_rnn: (2, 4, 5, 6, 7),
    recurrent.simple_rnn_grad: (0, 2, 4, 5, 6),
    recurrent.lstm: (2, 4, 5, 6, 7, 8, 9, 10),
    recurrent.lstm_grad: (0, 1, 3, 5, 6, 7, 8, 9),
    recurrent.gru: (2, 4, 5, 6, 7, 8),
    recurrent.gru_grad: (0, 2, 4, 5, 6, 7, 8, 9),
    losses.binary_crossentropy: (0, 1, 3),
    losses.binary_crossentropy_grad: (0, 1, 2, 4),
    losses.categorical_crossentropy: (0, 1, 3),
    losses.categorical_crossentropy_grad: (0, 1, 2, 4),
    losses.sparse_crossentropy: (0, 1, 3),
    losses.sparse_crossentropy_grad: (0, 1, 2, 4),
    metrics.categorical_accuracy: (0, 1, 2),
    random.uniform: (1, 2),
    random.mask: (2, 3),
    indexing.take_rows: (1, 2),
    indexing.add_some_at_rows: (0, 1),
    indexing.one_hot: (0, 1),
    elementwise.negative: (0, 1),
    elementwise.absolute: (0, 1),
    elementwise.sign: (0, 1),
    elementwise.square: (0, 1),
    elementwise.sqrt: (0, 1),
    elementwise.exp: (0, 1),
    elementwise.log: (0, 1),
    elementwise.log1p: (0, 1),
    elementwise.erf: (0, 1),
    elementwise.softplus: (0, 1),
    elementwise.scale: (0, 2),
    elementwise.fill: (0,),
    elementwise.relu: (0, 1),
    elementwise.relu_grad: (0, 1, 2),
    elementwise.sigmoid: (0, 1),
    elementwise.sigmoid_grad: (0, 1, 2),
    elementwise.tanh: (0, 1),
    elementwise.tanh_grad: (0, 1, 2),
    optimizers.sgd: (0, 1),
    optimizers.momentum: (0, 1, 2),
    optimizers.rmsprop: (0, 1, 2),
    optimizers.adam: (0, 1, 2, 3),
    optimizers.nadam: (0, 1, 2, 3),
    optimizers.adamax: (0, 1, 2, 3),
    optimizers.adagrad: (0, 1, 2),
    optimizers.adadelta: (0, 1, 2, 3),
    optimizers.ftrl: (0, 1, 2, 3),
    optimizers.lion: (0, 1, 2),
    optimizers.weight_decay: (0,),
    optimizers.running_mean: (0, 1),
}
# kernel -> which of its arguments have rows for the cores: workspace, and sums that a later call adds up
PER_CORE = {
    products.matmul_over_rows: (2,),
    products.product: (6,),
    products.product_by_columns: (6,),
    products.product_over_rows: (6, 7),
    products.batch_product: (6,),
    zeros.product_over_rows: (2,),
    rows.sum_some_rows: (1,),
    indexing.add_some_at_rows: (2,),
    normalization.some_moments: (1,),
    normalization.some_sums: (3,),
    convolution.correlate: (3, 4),
    convolution.correlate_grad: (3, 4),
    convolution.correlate_channels: (3,),
    convolution.correlate_channels_grad: (3, 4),
}
# kernel -> what all cores write, each its own columns of each row
WRITTEN_TOGETHER = {products.product_by_columns: (9,)}
# kernels that get ready for all their rows first, or begin a sum: one call for all of a core's rows
PREPARE = {
    products.matmul, zeros.product, recurrent.simple_rnn, recurrent.simple_rnn_grad, recurrent.lstm,
    recurrent.lstm_grad, recurrent.gru, recurrent.gru_grad, *PER_CORE,
} - {convolution.correlate}
# nanoseconds for each number of the largest array, where it is not about 0.1
COST = {
    normalization.some_moments: 0.2,
    normalization.some_sums: 0.3,
    normalization.batch_norm_grad: 0.2,
    pooling.max_pool: 0.25,
    pooling.max_pool_grad: 0.2,
    rows.softmax: 0.5,
    rows.log_softmax: 0.5,
    elementwise.log: 2,
    elementwise.log1p: 4,
    elementwise.softplus: 8,
    recurrent.simple_rnn: 1.5,
    recurrent.simple_rnn_grad: 1.5,
    recurrent.lstm: 1.5,
    recurrent.lstm_grad: 1.5,
    recurrent.gru: 1.5,
    recurrent.gru_grad: 1.5,
    losses.binary_crossentropy: 4,
    losses.binary_crossentropy_grad: 1,
    losses.categorical_crossentropy: 1,
    losses.categorical_crossentropy_grad: 1,
}
TILE = 6 * LANES  # multiplications in a nanosecond


def divided_arguments(kernel, arguments):
    """Which arguments are divided by rows; None if there are no rows to divide."""
    candidates = DIVIDED.get(kernel, ())
    if not candidates or not all(arguments[i].size for i in candidates):
        return None
    lengths = {i: len(arguments[i]) for i in candidates}
    return tuple(i for i, n in lengths.items() if n > 1 or max(lengths.values()) == 1)


def work(kernel, arguments):
    """About how many nanoseconds a call takes on one core."""
    if kernel is products.matmul:
        return arguments[0].size * arguments[2].shape[1] / TILE
    if kernel in (products.product, products.product_by_columns):
        return arguments[9].size * arguments[3].size / TILE
    if kernel is products.batch_product:
        return arguments[7].size * arguments[3].size / TILE
    if kernel is products.matmul_over_rows:
        return arguments[0].size * arguments[1].shape[1] / TILE
    if kernel is products.product_over_rows:
        return arguments[0].size * arguments[4].shape[1] / TILE
    if kernel is indexing.next_part:
        return 0.1 * arguments[2].size
    divided = [arguments[i] for i in DIVIDED.get(kernel, ())]  # of a table, few of the rows may be read
    size = max(a.size for a in divided or arguments if isinstance(a, np.ndarray))
    return size * max([COST.get(kernel, 0.1), *(a.reach / TILE for a in arguments if isinstance(a, Windows))])
