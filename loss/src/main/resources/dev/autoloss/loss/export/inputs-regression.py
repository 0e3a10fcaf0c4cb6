def inputs(boxes, targets):
    """I, U, E of predicted boxes and their ground truths (rows x left, top, right, bottom)."""
    least = torch.minimum(boxes, targets)
    most = torch.maximum(boxes, targets)

    def area(left, top, right, bottom):
        return (right - left).clamp(min=0) * (bottom - top).clamp(min=0)

    def of(box):
        return (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])

    I = area(most[:, 0], most[:, 1], least[:, 2], least[:, 3])
    U = of(boxes) + of(targets) - I + 1e-7
    E = area(least[:, 0], least[:, 1], most[:, 2], most[:, 3]) + 1e-7
    return I, U, E
