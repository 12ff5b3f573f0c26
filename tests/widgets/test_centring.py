"""A drawing is centred as MNIST's digits are: the judge is MNIST."""

import numpy as np
import pytest
from scipy import ndimage

from kerastutor import keras
from kerastutor.widgets.centring import centre


@pytest.fixture(scope="module")
def digits():
    (_, _), (x, _) = keras.datasets.mnist.load_data()
    return x[:200] / 255


def test_mnist_itself_is_hardly_changed(digits):
    for digit in digits:
        found = centre(digit)
        assert found.shape == (28, 28) and found.dtype == np.float32 and 0 <= found.min() <= found.max() <= 1
        mass = np.array(ndimage.center_of_mass(found))
        assert np.abs(mass - ndimage.center_of_mass(digit)).max() < 1.1
    assert np.mean([np.corrcoef(centre(d).ravel(), d.ravel())[0, 1] for d in digits]) > 0.8


def test_place_and_size_of_a_drawing_do_not_matter(digits):
    for digit in digits[:20]:
        small = np.zeros((28, 28))
        rows, columns = digit.any(1).nonzero()[0], digit.any(0).nonzero()[0]
        ink = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        small[: ink.shape[0], : ink.shape[1]] = ink
        np.testing.assert_allclose(centre(small), centre(digit), atol=1e-6)


@pytest.mark.parametrize("rows, columns", [(28, 28), (14, 3), (3, 14), (1, 1), (28, 1), (5, 20)])
def test_the_longer_side_is_twenty_pixels(rows, columns):
    drawing = np.zeros((28, 28))
    drawing[:rows, :columns] = 1
    found = centre(drawing)
    inside = found.any(1).sum(), found.any(0).sum()
    assert max(inside) == 20
    assert min(inside) == pytest.approx(20 * min(rows, columns) / max(rows, columns), abs=0.51)
    assert np.array(ndimage.center_of_mass(found)) == pytest.approx(14, abs=0.51)


def test_an_empty_drawing_stays_empty():
    assert not centre(np.zeros((28, 28))).any()
