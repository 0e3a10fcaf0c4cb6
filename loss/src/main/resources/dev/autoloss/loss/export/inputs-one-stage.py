def inputs(logits, labels, overlaps):
    """X, Q, PY, NY of logits (rows x classes), labels (rows; negatives have the number of classes)
    and overlaps of the predicted boxes with their ground truth (rows; used for positives)."""
    X = logits
    PY = nn.functional.one_hot(labels, X.shape[-1] + 1)[..., :-1].to(X)
    Q = PY * overlaps.detach().clamp(min=1e-7).to(X).unsqueeze(-1)
    return X, Q, PY, 1 - PY
