    """In place of FocalLoss, or of QualityFocalLoss: the target is the label, or (label, overlap)
    from a head that knows the overlap of the predicted box with its ground truth; without it, it
    counts as 1. alpha weights labels of 1, 1 - alpha the rest, as published; None leaves it out."""

    def __init__(self, use_sigmoid=True, alpha=0.25, reduction="mean", loss_weight=1.0):
        super().__init__()
        assert use_sigmoid, "a one-stage loss works on sigmoid"
        self.use_sigmoid = True
        self.alpha = alpha
        self.reduction = reduction
        self.loss_weight = loss_weight

    def forward(self, pred, target, weight=None, avg_factor=None, reduction_override=None, **kwargs):
        label, overlap = target if isinstance(target, tuple) else (target, None)
        if overlap is None:
            overlap = pred.new_ones(label.shape)
        X, Q, PY, NY = inputs(pred, label, overlap)
        loss = value(X, Q, PY, NY)
        if self.alpha is not None:
            loss = loss * (self.alpha * PY + (1 - self.alpha) * NY)
        reduction = reduction_override or self.reduction
        return self.loss_weight * reduce(loss.sum(dim=-1), weight, reduction, avg_factor)
