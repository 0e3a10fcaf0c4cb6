"""{name}: a {branch} loss, exported by Autoloss for mmdetection 3 or 2.

Put this file where the configs' custom_imports find it, and write
    custom_imports = dict(imports=["the.name.of.this.file"])
    ... dict(type="{name}", loss_weight=1.0) ...

expression  {expression}
infix       {infix}
"""

{math}import torch
from torch import nn

try:
    from mmdet.registry import MODELS
except ImportError:
    from mmdet.models.builder import LOSSES as MODELS

__all__ = ["{name}", "value"]
{functions}

def value({arguments}):
    """The loss of the language's inputs: {shape}."""
    return {value}


{inputs}

def reduce(loss, weight, reduction, avg_factor):
    """Weights and sums a number a row as mmdetection's losses do."""
    if weight is not None:
        loss = loss * weight
    if reduction == "none":
        return loss
    if reduction == "sum":
        return loss.sum()
    return loss.mean() if avg_factor is None else loss.sum() / avg_factor


@MODELS.register_module()
class {name}(nn.Module):
{forward}
