"""PyTorch, eager. Serves requests as contender.ts does: a line of JSON in, a line of JSON out."""

import json
import math
import platform
import resource
import sys
import time

import torch
from torch import nn

MASK = 0xFFFFFFFF
RESULT_RUN = 3  # as in protocol.ts


def uniform(length, stream, bound):
    """The same numbers as networks/values.ts."""
    h = (torch.arange(length, dtype=torch.int64) + stream * 0x9E3779B9) & MASK
    h = ((h ^ (h >> 16)) * 0x7FEB352D) & MASK
    h = ((h ^ (h >> 15)) * 0x846CA68B) & MASK
    h = h ^ (h >> 16)
    return ((h.double() / 2**31 - 1) * bound).float()


class Residual(nn.Module):
    def __init__(self, main, shortcut):
        super().__init__()
        self.main = main
        self.shortcut = shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


def build(layers):
    return nn.Sequential(*[build_layer(layer) for layer in layers])


def build_layer(layer):
    kind = layer["type"]
    if kind == "conv":
        sizes = layer["kernel"], layer["stride"], layer["padding"]
        return nn.Conv2d(layer["in"], layer["out"], *sizes, groups=layer["groups"], bias=layer["bias"])
    if kind == "batchNorm":
        return nn.BatchNorm2d(layer["channels"])
    if kind == "relu":
        return nn.ReLU(inplace=True)
    if kind == "relu6":
        return nn.ReLU6(inplace=True)
    if kind == "maxPool":
        return nn.MaxPool2d(layer["kernel"], layer["stride"], layer["padding"])
    if kind == "globalAvgPool":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if kind == "flatten":
        return nn.Flatten()
    if kind == "linear":
        return nn.Linear(layer["in"], layer["out"])
    return Residual(build(layer["main"]), build(layer["shortcut"]))


def initialize(model):
    weights = 0
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() > 1:
                weights += 1
                fan_in = parameter[0].numel()
                parameter.copy_(uniform(parameter.numel(), weights, math.sqrt(6 / fan_in)).view_as(parameter))
            elif name.endswith("bias"):
                parameter.zero_()


def prepare(workload, settings):
    torch.set_num_threads(settings["threads"])
    network, batch = workload["network"], workload["batch"]
    shape = [batch, *network["input"]]
    x = uniform(math.prod(shape), 0, 1).view(shape)
    if workload["task"] == "features":
        model = build(network["features"]).eval()
        initialize(model)

        def run():
            with torch.no_grad():
                return model(x).mean().item()

        return run

    model = build(network["features"] + network["head"]).train()
    initialize(model)
    y = 7 * torch.arange(batch) % network["classes"]
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=workload["learningRate"], momentum=workload["momentum"])

    def run():
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def times_of(run, seconds):
    times = []
    start = time.perf_counter()
    end = start + seconds
    while True:
        run()
        now = time.perf_counter()
        times.append((now - start) * 1000)
        start = now
        if start >= end:
            return times


def main():
    run = None
    versions = {"PyTorch": torch.__version__, "Python": platform.python_version()}
    for line in sys.stdin:
        request = json.loads(line)
        if run is None:
            run = prepare(request["workload"], request["settings"])
            for _ in range(RESULT_RUN):
                result = run()
        times_of(run, request["warmupSeconds"])
        times = times_of(run, request["seconds"])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"times": times, "result": result, "peakBytes": peak, "versions": versions}), flush=True)


main()
