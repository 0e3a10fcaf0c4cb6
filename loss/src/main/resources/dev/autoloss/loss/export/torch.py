"""{name}: a {branch} loss, exported by Autoloss. Needs PyTorch and nothing else.

expression  {expression}
infix       {infix}
"""

{math}import torch
from torch import nn

__all__ = ["{name}", "value"]
{functions}

def value({arguments}):
    """The loss of the language's inputs: {shape}."""
    return {value}


{inputs}

class {name}(nn.Module):
{forward}
