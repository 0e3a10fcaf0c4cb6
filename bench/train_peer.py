"""The peer of bench/train: torchvision's detector in PyTorch eager, from the same weights, on the same images.

  train_peer.py weights ARCHITECTURE FILE     writes random weights that both start from
  train_peer.py work ARCHITECTURE FILE THREADS IMAGES
                                              reads numbers of steps from stdin, answers with the milliseconds of each, on the clock and of the processors
"""
import sys
import time

import numpy as np
import torch
import torchvision
from torchvision.models.detection import FasterRCNN, FCOS
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool, LastLevelP6P7
from torchvision.ops.misc import FrozenBatchNorm2d

SIDE, CLASSES, OBJECTS = 320, 80, 8


def detector(architecture):
    """Faster R-CNN or FCOS with ResNet-50, frozen batch normalisation, stem and first stage not trained."""
    one_stage = architecture == "FCOS"
    backbone = resnet_fpn_backbone(
        backbone_name="resnet50", weights=None, norm_layer=FrozenBatchNorm2d, trainable_layers=3,
        returned_layers=[2, 3, 4] if one_stage else None,
        extra_blocks=LastLevelP6P7(256, 256) if one_stage else LastLevelMaxPool())
    size = {"min_size": SIDE, "max_size": SIDE}
    if one_stage:
        return FCOS(backbone, num_classes=CLASSES, **size)
    return FasterRCNN(backbone, num_classes=CLASSES + 1, **size)


def images(count):
    """The noise and the boxes of TrainingWorker."""
    state = np.empty(count * 3 * SIDE * SIDE, dtype=np.uint32)
    value = 1
    for i in range(state.size):
        value = (value * 1664525 + 1013904223) & 0xFFFFFFFF
        state[i] = value
    pixels = (state >> 8).astype(np.float32) / (1 << 23) - 1
    pixels = torch.from_numpy(pixels).reshape(count, 3, SIDE, SIDE)
    # The model normalises; undo that beforehand.
    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)
    pixels = pixels * std + mean
    targets = []
    for image in range(count):
        numbers = [image * OBJECTS + i for i in range(OBJECTS)]
        boxes = [[n * 37 % 160, n * 53 % 160, n * 37 % 160 + 24 + n * 29 % 130, n * 53 % 160 + 24 + n * 41 % 130] for n in numbers]
        targets.append({"boxes": torch.tensor(boxes, dtype=torch.float32),
                        "labels": torch.tensor([n * 7 % CLASSES for n in numbers])})
    return list(pixels), targets


def write_weights(architecture, file):
    torch.manual_seed(1)
    model = detector(architecture)
    for name, value in model.state_dict().items():
        # Residual branches start small, so that activations keep their size without normalisation.
        if name.endswith("bn3.weight"):
            value.fill_(0.2)
    torch.save(model.state_dict(), file)


def work(architecture, file, threads, count):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    model = detector(architecture)
    model.load_state_dict(torch.load(file))
    model.train()
    if architecture != "FCOS":
        batch, targets = images(count)
        for target in targets:
            target["labels"] += 1
    else:
        batch, targets = images(count)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=1e-6, momentum=0.9, weight_decay=1e-4)
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, {threads} threads", file=sys.stderr)
    for line in sys.stdin:
        millis = []
        for _ in range(int(line)):
            start, start_of_processor = time.perf_counter(), time.process_time()
            loss = sum(model(batch, targets).values())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
            millis.append(f"{(time.perf_counter() - start) * 1e3:.2f}/{(time.process_time() - start_of_processor) * 1e3:.2f}")
        print(" ".join(millis), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "weights":
        write_weights(sys.argv[2], sys.argv[3])
    else:
        work(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
