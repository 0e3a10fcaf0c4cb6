    """In place of CrossEntropyLoss. The target is the label, or (label, overlap) from a head that
    knows the overlap of the predicted box with its ground truth; without it, it counts as 1."""

    def __init__(self, use_sigmoid=False, reduction="mean", loss_weight=1.0):
        super().__init__()
        assert not use_sigmoid, "a two-stage loss works on softmax"
        self.use_sigmoid = False
        self.reduction = reduction
        self.loss_weight = loss_weight

    def forward(self, cls_score, target, weight=None, avg_factor=None, reduction_override=None, **kwargs):
        label, overlap = target if isinstance(target, tuple) else (target, None)
        if overlap is None:
            overlap = cls_score.new_ones(label.shape)
        loss = value(*inputs(cls_score, label, overlap)){sum}
        reduction = reduction_override or self.reduction
        return self.loss_weight * reduce(loss, weight, reduction, avg_factor)
