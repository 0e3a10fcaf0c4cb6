    """In place of GIoULoss: decoded boxes, so a head on anchors needs reg_decoded_bbox=True."""

    def __init__(self, reduction="mean", loss_weight=1.0):
        super().__init__()
        self.reduction = reduction
        self.loss_weight = loss_weight

    def forward(self, pred, target, weight=None, avg_factor=None, reduction_override=None, **kwargs):
        if weight is not None and weight.dim() > 1:
            weight = weight.mean(dim=-1)
        reduction = reduction_override or self.reduction
        return self.loss_weight * reduce(value(*inputs(pred, target)), weight, reduction, avg_factor)
