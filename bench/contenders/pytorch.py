"""PyTorch: eager, or as the settings say. Serves requests as contender.ts does: a line of JSON in, a line of JSON out."""

import json
import math
import platform
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

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


class Patches(nn.Module):
    def forward(self, x):
        return x.flatten(2).transpose(1, 2)


class FirstToken(nn.Module):
    def forward(self, x):
        return x[:, 0]


class ClassToken(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, size))

    def forward(self, x):
        return torch.cat([self.token.expand(len(x), -1, -1), x], 1)


class Position(nn.Module):
    def __init__(self, length, size):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(length, size))

    def forward(self, x):
        return x + self.weight


class Attention(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(size, size) for _ in range(4))
        self.heads = heads

    def forward(self, x):
        parts = (layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2) for layer in (self.query, self.key, self.value))
        return self.output(F.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(2))


class TransformerBlock(nn.Module):
    def __init__(self, size, heads, hidden, norm):
        super().__init__()
        self.attention = Attention(size, heads)
        self.norm1 = nn.LayerNorm(size)
        self.feed_forward = nn.Sequential(nn.Linear(size, hidden), nn.GELU(), nn.Linear(hidden, size))
        self.norm2 = nn.LayerNorm(size)
        self.norm_before = norm == "before"

    def forward(self, x):
        if self.norm_before:
            x = x + self.attention(self.norm1(x))
            return x + self.feed_forward(self.norm2(x))
        x = self.norm1(x + self.attention(x))
        return self.norm2(x + self.feed_forward(x))


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
    if kind == "tanh":
        return nn.Tanh()
    if kind == "layerNorm":
        return nn.LayerNorm(layer["size"])
    if kind == "embedding":
        return nn.Embedding(layer["count"], layer["size"])
    if kind == "patches":
        return Patches()
    if kind == "classToken":
        return ClassToken(layer["size"])
    if kind == "position":
        return Position(layer["length"], layer["size"])
    if kind == "transformerBlock":
        return TransformerBlock(layer["size"], layer["heads"], layer["hidden"], layer["norm"])
    if kind == "firstToken":
        return FirstToken()
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


def inputs(network, batch):
    shape = [batch, *network["input"]]
    x = uniform(math.prod(shape), 0, 1).view(shape)
    if "vocabulary" in network:
        return ((x.double() + 1) / 2 * network["vocabulary"]).long()
    return x


def prepare(workload, settings):
    torch.set_num_threads(settings["threads"])
    network, batch = workload["network"], workload["batch"]
    layout = torch.channels_last if settings.get("channelsLast") else torch.contiguous_format
    half = settings.get("bfloat16", False)
    x = inputs(network, batch).contiguous(memory_format=layout)
    if workload["task"] == "features":
        model = build(network["features"]).eval()
        initialize(model)
        model = model.to(memory_format=layout, dtype=torch.bfloat16 if half else torch.float32)
        x = x.to(torch.bfloat16) if half else x
        if settings.get("compile"):
            model = torch.compile(model)

        def run():
            with torch.no_grad():
                return model(x).float().mean().item()

        return run

    model = build(network["features"] + network["head"]).train()
    initialize(model)
    model = model.to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=workload["learningRate"], momentum=workload["momentum"])
    if settings.get("compile"):
        model = torch.compile(model)
    y = 7 * torch.arange(batch) % network["classes"]
    criterion = nn.CrossEntropyLoss()

    def run():
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
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


if __name__ == "__main__":
    main()
