"""Exchanges weights with torchvision, both ways, and compares what is found in drawn images.

Boxes must agree to 1e-3 pixels, scores to 1e-4, masks in all but two pixels. An object whose score lies within 1e-3 of the least
score may be missing on one side, and with it the last of a hundred. Images need no resizing: there both round differently.

Where a number lies as near to a cut as single precision rounds, chance says which boxes remain, and two programs (or torchvision
in single and in double precision) may find different objects. An image that differs is undecided, and said to be, only if
torchvision itself came within MARGIN of such a cut in it; at least 20 of the 24 images must be the same, each other is a failure.
"""

import argparse
import json
import math
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torchvision
from torch import nn
from torchvision.models import resnet18
from torchvision.models.detection import FCOS, FasterRCNN, MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
from torchvision.models.detection.rpn import RegionProposalNetwork
from torchvision.ops import FrozenBatchNorm2d, boxes, poolers
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

SIDE = 96
IMAGES = 24
SAME = 20
# IoUs and logits of torchvision in single and in double precision differ by up to 4e-6.
MARGIN = 1e-5
PROPOSALS = 1000
NAMES = ["square", "circle", "bar"]
LEAST = {"FasterRCNN": 0.05, "MaskRCNN": 0.05, "FCOS": 0.2}


def draw(folder, random):
    """Images of coloured shapes on noise, with boxes and masks, in COCO's form."""
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    for image in range(1, IMAGES + 1):
        pixels = random.integers(0, 80, (3, SIDE, SIDE))
        for _ in range(random.integers(1, 4)):
            label = int(random.integers(0, 3))
            width, height = random.integers(20, 44, 2)
            if label == 0:
                height = width
            if label == 2:
                height = max(8, width // 3)
            x, y = random.integers(0, SIDE - width), random.integers(0, SIDE - height)
            inside = (columns >= x) & (columns < x + width) & (rows >= y) & (rows < y + height)
            corners = [x, y, x + width, y, x + width, y + height, x, y + height]
            if label == 1:
                middle_x, middle_y = x + width / 2, y + height / 2
                inside = ((columns + 0.5 - middle_x) / width * 2) ** 2 + ((rows + 0.5 - middle_y) / height * 2) ** 2 <= 1
                turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
                corners = np.stack([middle_x + width / 2 * np.cos(turns), middle_y + height / 2 * np.sin(turns)], 1).ravel()
            pixels[:, inside] = random.integers(100, 256, 3)[:, None]
            box = [int(x), int(y), int(width), int(height)]
            area = float(inside.sum())
            annotations.append(
                {"id": len(annotations) + 1, "image_id": image, "category_id": label + 1, "bbox": box, "area": area, "iscrowd": 0}
                | {"segmentation": [[float(c) for c in corners]]}
            )
        name = f"{image:02}.png"
        torchvision.io.write_png(torch.from_numpy(pixels.astype(np.uint8)), str(folder / "images" / name))
        images.append({"id": image, "file_name": name, "width": SIDE, "height": SIDE})
    categories = [{"id": i + 1, "name": name} for i, name in enumerate(NAMES)]
    (folder / "shapes.json").write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))


def document(folder, architecture, extra=""):
    rate = 0.01 if architecture == "FCOS" else 0.02
    text = f"""apiVersion: autoloss.dev/v1alpha1
kind: DetectorTraining
metadata: {{name: {architecture.lower()}}}
spec:
  seed: 1
  detector: {{architecture: {architecture}, backbone: ResNet18, compatibility: Torchvision{extra}}}
  dataset:
    source: {{persistentVolumeClaim: {{claimName: shapes}}}}
    train: {{annotations: shapes.json, images: images}}
    validation: {{annotations: shapes.json, images: images}}
  accelerator: {{count: 0, cpuThreads: 2}}
  schedule:
    epochs: 24
    batchSize: 4
    learningRate: {rate}
    warmUp: {{iterations: 20, ratio: 0.1}}
    steps: [20]
    maxGradientNorm: 10
    resize: {{shortSide: {SIDE}, longSide: {SIDE}}}
"""
    file = folder / f"{architecture}{'-weights' if extra else ''}.yaml"
    file.write_text(text)
    return str(file)


def model(architecture, norm):
    sizes = {"min_size": SIDE, "max_size": SIDE}
    body = resnet18(norm_layer=norm)
    if architecture == "FCOS":
        backbone = _resnet_fpn_extractor(body, 5, returned_layers=[2, 3, 4], extra_blocks=LastLevelP6P7(256, 256))
        return FCOS(backbone, len(NAMES), score_thresh=LEAST[architecture], **sizes).eval()
    backbone = _resnet_fpn_extractor(body, 5)
    anchors = AnchorGenerator(((32,), (64,), (128,), (256,), (512,)), ((0.5, 1.0, 2.0),) * 5)
    kind = {"FasterRCNN": FasterRCNN, "MaskRCNN": MaskRCNN}[architecture]
    return kind(backbone, len(NAMES) + 1, rpn_anchor_generator=anchors, **sizes).eval()


def group_norm(channels):
    return nn.GroupNorm(math.gcd(32, channels), channels)


def safetensors(file):
    data = file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            numbers = np.frombuffer(data[8 + length + start : 8 + length + end], dtype="<f4")
            tensors[name] = torch.from_numpy(numbers.reshape(entry["shape"]).copy())
    return tensors


def autoloss(*arguments):
    done = subprocess.run(["./autoloss", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"./autoloss {' '.join(arguments)}: exit code {done.returncode}: {done.stderr}")


def decode(segmentation):
    """COCO's compressed run lengths as pixels."""
    height, width = segmentation["size"]
    counts, at, text = [], 0, segmentation["counts"]
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            bits = ord(text[at]) - 48
            value |= (bits & 0x1F) << shift
            shift, at, more = shift + 5, at + 1, bool(bits & 0x20)
            if not more and bits & 0x10:
                value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
    return np.repeat(np.arange(len(counts)) % 2 == 1, counts).reshape(width, height).T


def ours(folder, *arguments):
    file = folder / "found.json"
    autoloss("predict", *arguments, "--annotations", str(folder / "shapes.json"), "--json", str(file), "--score", "0", str(folder / "images"))
    found = {image: [] for image in range(1, IMAGES + 1)}
    for one in json.loads(file.read_text()):
        x, y, width, height = one["bbox"]
        mask = decode(one["segmentation"]) if "segmentation" in one else None
        found[one["image_id"]].append((one["category_id"] - 1, one["score"], np.array([x, y, x + width, y + height]), mask))
    return found


class Cuts:
    """The cut that torchvision came nearest to in an image: how near, and which it was."""

    def __init__(self):
        self.clear()
        suppress, choose, level = boxes.batched_nms, RegionProposalNetwork._get_top_n_idx, poolers.LevelMapper.__call__

        def suppressed(found, scores, labels, threshold):
            kept = suppress(found, scores, labels, threshold)
            self.suppression(found, torch.logit(scores.double(), 1e-12), labels, threshold, kept)
            return kept

        def chosen(network, logits, counts):
            for own in logits.split(counts, 1):
                self.rank(own[0], "proposals of a level")
            return choose(network, logits, counts)

        def mapped(mapper, regions):
            sides = torch.sqrt(torch.cat([boxes.box_area(own) for own in regions]))
            level_of = torch.log2(sides / mapper.s0) + mapper.eps
            self.note(level_of - level_of.round(), "a region's logarithm from a whole number, where the map changes")
            return level(mapper, regions)

        boxes.batched_nms, RegionProposalNetwork._get_top_n_idx, poolers.LevelMapper.__call__ = suppressed, chosen, mapped

    def clear(self):
        self.nearest = (math.inf, "")

    def note(self, distances, what):
        if distances.numel() > 0:
            self.nearest = min(self.nearest, (distances.abs().min().item(), what))

    def rank(self, logits, what):
        if len(logits) > PROPOSALS:
            best = logits.sort(descending=True)[0]
            self.note(best[PROPOSALS - 1] - best[PROPOSALS], f"the logits of the last of {PROPOSALS} {what} and the next")

    def suppression(self, found, logits, labels, threshold, kept):
        overlap = boxes.box_iou(found[kept], found)
        gap = logits[kept, None] - logits
        worse = (labels[kept, None] == labels) & (gap >= 0)
        worse[torch.arange(len(kept)), kept] = False
        self.note((overlap - threshold)[worse], f"an IoU from {threshold}, from which on the worse box goes")
        apart = (found[kept, None] - found).abs().amax(2) > 1e-3
        self.note(gap[worse & apart & (overlap > threshold)], "the logits of two boxes of which the better stays")
        if threshold == 0.7:
            self.rank(logits[kept], "proposals")


def theirs(folder, network, architecture, cuts):
    first = 0 if architecture == "FCOS" else 1
    found, nearest = {}, {}
    for image in range(1, IMAGES + 1):
        pixels = torchvision.io.read_image(str(folder / "images" / f"{image:02}.png")).float() / 255
        cuts.clear()
        with torch.no_grad():
            out = network([pixels])[0]
        nearest[image] = cuts.nearest
        masks = [m[0].numpy() > 0.5 for m in out["masks"]] if "masks" in out else [None] * len(out["labels"])
        found[image] = list(zip((out["labels"] - first).tolist(), out["scores"].tolist(), out["boxes"].numpy(), masks))
    return found, nearest


def same(one, other):
    label, score, box, mask = one
    return (
        label == other[0]
        and abs(score - other[1]) <= 1e-4
        and np.abs(box - other[2]).max() <= 1e-3
        and (mask is None or (mask != other[3]).sum() <= 2)
    )


def unmatched(found, wanted, least):
    missing = []
    for one in wanted:
        match = next((i for i, other in enumerate(found) if same(one, other)), None)
        if match is not None:
            found = found[:match] + found[match + 1 :]
        elif one[1] > least + 1e-3 and not (len(wanted) == 100 and one[1] < wanted[-1][1] + 1e-3):
            missing.append(one[:3])
    return missing


def compare(what, mine, peers, least):
    """Prints how they compare; true if they do."""
    found, nearest = peers
    count, same_images, failed = 0, 0, False
    for image in range(1, IMAGES + 1):
        missing = unmatched(mine[image], found[image], least) + unmatched(found[image], mine[image], least)
        if not missing:
            count, same_images = count + len(found[image]), same_images + 1
            continue
        distance, cut = nearest[image]
        failed |= distance > MARGIN
        verdict = "DIFFERENT" if distance > MARGIN else "undecided"
        print(f"{what}: image {image}: {verdict}: {len(missing)} objects, the first {missing[0]}; nearest cut: {distance:.1e}: {cut}")
    print(f"{what}: the same {count} objects in {same_images} of {IMAGES} images", flush=True)
    if same_images < SAME:
        print(f"{what}: expected {SAME} images to be the same")
    if count < SAME:
        print(f"{what}: these are too few to compare")
    return not failed and same_images >= SAME and count >= SAME


def spread(network, seed):
    """Weights that find something: as they are made random, with scores and boxes that vary."""
    draws = torch.Generator().manual_seed(seed)
    for name, value in sorted(network.state_dict().items()):
        if name.endswith("running_var"):
            value.copy_(torch.rand(value.shape, generator=draws) + 0.5)
        elif name.endswith("running_mean"):
            value.copy_(torch.randn(value.shape, generator=draws) * 0.1)
        elif "cls_score" in name or "cls_logits" in name:
            value.copy_(torch.randn(value.shape, generator=draws) * (0.05 if value.dim() > 1 else 0.5))
        elif "bbox_pred" in name or "bbox_reg" in name:
            value.copy_(torch.randn(value.shape, generator=draws) * (0.01 if value.dim() > 1 else 0.5))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("architectures", nargs="*", metavar="ARCHITECTURE", default=list(LEAST))
    arguments = parser.parse_args()
    unknown = [name for name in arguments.architectures if name not in LEAST]
    if unknown:
        parser.error(f"expected {', '.join(LEAST)}, found {unknown[0]}")
    seed = arguments.seed
    torch.manual_seed(seed)
    cuts, agree = Cuts(), True
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        draw(folder, np.random.default_rng(seed))
        for architecture in arguments.architectures:
            least = LEAST[architecture]
            work = folder / f"work-{architecture}"
            autoloss("train", document(folder, architecture), "--data", str(folder), "--work", str(work))
            network = model(architecture, group_norm)
            network.load_state_dict(safetensors(work / "checkpoint.safetensors"), strict=True)
            mine = ours(folder, "--weights", str(work / "checkpoint.safetensors"))
            peers = theirs(folder, network, architecture, cuts)
            agree &= compare(f"{architecture} trained here, loaded by torchvision", mine, peers, least)
            network = model(architecture, FrozenBatchNorm2d)
            spread(network, seed)
            torch.save(network.state_dict(), folder / "theirs.pth")
            named = document(folder, architecture, ", norm: FrozenBN, weights: theirs.pth")
            mine = ours(folder, "--weights", str(folder / "theirs.pth"), "--document", named)
            peers = theirs(folder, network, architecture, cuts)
            agree &= compare(f"{architecture} of torchvision, loaded here", mine, peers, least)
    if not agree:
        sys.exit("what is found differs")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main()
