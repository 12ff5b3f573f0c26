"""A drawing made into a digit as MNIST has them: 20 pixels high or wide, the centre of mass in the middle.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits": size-normalised into a 20x20 box with the
aspect ratio kept, then moved so that the centre of mass of the pixels is the centre of the 28x28 field.
"""

import numpy as np

SIDE, BOX = 28, 20


def centre(drawing):
    """Scale a drawing into a 20x20 box and move its centre of mass to the middle of 28x28 pixels.

    Parameters
    ----------
    drawing : array, (28, 28)
        0 is paper, 1 is ink.

    Returns
    -------
    numpy.ndarray, (28, 28), float32, from 0 to 1
        An empty drawing stays empty.

    Examples
    --------
    >>> import numpy as np
    >>> drawing = np.zeros((28, 28)); drawing[0:5, 0] = 1  # a short stroke in the corner
    >>> rows = centre(drawing).any(axis=1).nonzero()[0]
    >>> int(rows[0]), int(rows[-1])
    (4, 23)
    """
    from scipy import ndimage

    drawing = np.asarray(drawing, "float32")
    rows, columns = drawing.any(axis=1).nonzero()[0], drawing.any(axis=0).nonzero()[0]
    if not len(rows):
        return np.zeros((SIDE, SIDE), "float32")
    ink = drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    longer = max(ink.shape)
    shape = [max(1, round(n * BOX / longer)) for n in ink.shape]
    ink = ndimage.zoom(ink, [new / old for new, old in zip(shape, ink.shape)], order=1, grid_mode=True, mode="nearest")
    mass = ndimage.center_of_mass(ink)
    top, left = (
        int(np.clip(round(SIDE / 2 - m), 0, SIDE - n)) for m, n in zip(mass, ink.shape, strict=True)
    )
    image = np.zeros((SIDE, SIDE), "float32")
    image[top : top + ink.shape[0], left : left + ink.shape[1]] = np.clip(ink, 0, 1)
    return image
