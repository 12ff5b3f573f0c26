"""Questions about graphs of layers. Source: https://keras.io/api/utils/model_plotting_utils/"""

from ..symbolic import node_of


def get_source_inputs(tensor):
    """The Inputs that a placeholder was computed from, in the order in which they are met.

    Parameters
    ----------
    tensor : KerasTensor

    Returns
    -------
    list of KerasTensor
    """
    node = node_of(tensor)
    if node.is_input:
        return [tensor]
    found = []
    for x in node.inputs:
        found += [source for source in get_source_inputs(x) if not any(source is other for other in found)]
    return found
