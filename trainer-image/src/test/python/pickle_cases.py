"""Writes the .pth files of src/test/resources/weights and what they hold: run with torch 2.7.1.

    python src/test/python/pickle_cases.py src/test/resources/weights
"""

import collections
import json
import pathlib
import sys

import torch

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
torch.manual_seed(1)
base = torch.randn(4, 6)
tensors = collections.OrderedDict(
    single=torch.randn(2, 3, 1, 1),
    double=torch.randn(3, dtype=torch.float64),
    half=torch.randn(3).half(),
    bfloat=torch.randn(3).bfloat16(),
    count=torch.tensor(-300),
    turned=base.t(),
    part=base[1:3, ::2],
    parameter=torch.nn.Parameter(torch.randn(2)),
    empty=torch.zeros(0, 4),
)
module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
nested = {
    "meta": {"epoch": 12, "time": 1.5, "classes": ("a", "b"), "none": None, "on": True,
             "device": torch.device("cpu"), "large": 2**80, "path": pathlib.PurePosixPath("a")},
    "state_dict": module.state_dict(),
    "optimizer": {"state": {0: {"momentum_buffer": torch.randn(2)}}, "param_groups": [{"lr": 0.1}]},
}
torch.save(tensors, out / "plain.pth")
torch.save(nested, out / "nested.pth")
torch.save({"model": module.state_dict()}, out / "protocol4.pth", pickle_protocol=4)
torch.save(tensors, out / "legacy.pth", _use_new_zipfile_serialization=False)


def numbers(state):
    return {
        name: {"shape": list(t.shape), "values": t.detach().float().flatten().tolist()}
        for name, t in state.items()
    }


(out / "pickles.json").write_text(
    json.dumps({"plain": numbers(tensors), "nested": numbers(module.state_dict()),
                "protocol4": numbers(module.state_dict())})
)
