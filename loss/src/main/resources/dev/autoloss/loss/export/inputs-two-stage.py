def inputs(logits, labels, overlaps):
    """X, Y, Z of logits (rows x classes, background last), labels (rows; background is the last
    class) and overlaps of the predicted boxes with their ground truth (rows; used for positives)."""
    X = logits
    Y = nn.functional.one_hot(labels, X.shape[-1]).to(X)
    w = torch.where(labels < X.shape[-1] - 1, overlaps.detach().clamp(min=1e-7), 1.0).to(X)
    return X, Y, w.unsqueeze(-1).expand_as(X)
