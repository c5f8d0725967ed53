"""The job of `graft train --recipe linear-probe`, as it is done with PyTorch and Pillow: photos in, ONNX file out.

linear_probe.py MODEL DATA OUT: the layers of the backbone come as JSON on standard input, its weights from MODEL.
"""

import json
import math
import platform
import sys
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

sys.path.append(str(Path(__file__).parent.parent / "contenders"))
from pytorch import build

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
EPOCHS, BATCH, RATE, WARMUP = 60, 32, 1e-3, 10  # Graft's defaults


class Photos(Dataset):
    """What torchvision's ImageFolder, Resize(256), CenterCrop(224), ToTensor and Normalize do."""

    def __init__(self, folder):
        self.classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
        self.files = [(file, i) for i, name in enumerate(self.classes) for file in sorted((folder / name).iterdir())]

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        file, label = self.files[index]
        image = Image.open(file).convert("RGB")
        width, height = image.size
        scale = 256 / min(width, height)
        image = image.resize((max(256, int(width * scale)), max(256, int(height * scale))), Image.BILINEAR)
        left, top = round((image.width - 224) / 2), round((image.height - 224) / 2)
        pixels = numpy.array(image.crop((left, top, left + 224, top + 224)))
        x = torch.from_numpy(pixels).permute(2, 0, 1).contiguous().float().div(255)
        return x.sub_(MEAN).div_(STD), label


def backbone(layers, file):
    """The network of the layers, its convolutions as they are in the ONNX file, in order."""
    graph = onnx.load(file).graph
    values = {tensor.name: tensor for tensor in graph.initializer}
    model = build(layers).eval()
    convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    with torch.no_grad():
        for module, node in zip(convolutions, nodes, strict=True):
            for parameter, name in zip((module.weight, module.bias), node.input[1:], strict=True):
                parameter.copy_(torch.from_numpy(numpy_helper.to_array(values[name]).copy()))
    return model


@torch.no_grad()
def features(model, photos):
    batches = [(model(x), y) for x, y in DataLoader(photos, BATCH, num_workers=2)]
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])


def train(head, train_set, val_set):
    """Trains the head on standardised features, and leaves it at its best epoch, made fit for the raw ones."""
    mean, std = train_set[0].mean(0), train_set[0].std(0, correction=0).clamp_min(1e-6)
    x, val = (train_set[0] - mean) / std, (val_set[0] - mean) / std
    loader = DataLoader(TensorDataset(x, train_set[1]), BATCH, shuffle=True)
    steps = EPOCHS * len(loader)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    groups = [{"params": [head.weight]}, {"params": [head.bias], "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01)
    rate = lambda i: min(1, (i + 1) / WARMUP) * (1 + math.cos(math.pi * max(0, i - WARMUP) / (steps - WARMUP))) / 2
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    criterion = nn.CrossEntropyLoss()
    best = (-1.0, 0.0)
    for _ in range(EPOCHS):
        for inputs, labels in loader:
            optimizer.zero_grad()
            criterion(head(inputs), labels).backward()
            optimizer.step()
            schedule.step()
        with torch.no_grad():
            logits = head(val)
            accuracy = (logits.argmax(1) == val_set[1]).float().mean().item()
            score = (accuracy, -criterion(logits, val_set[1]).item())
        if score > best:
            best, kept = score, [parameter.detach().clone() for parameter in head.parameters()]
    with torch.no_grad():
        weight, bias = kept
        head.weight.copy_(weight / std)
        head.bias.copy_(bias - head.weight @ mean)
    return best[0]


def main():
    model_file, data, out = map(Path, sys.argv[1:])
    torch.manual_seed(0)
    torch.set_num_threads(2)
    model = backbone(json.load(sys.stdin), model_file)
    train_photos, val_photos = Photos(data / "train"), Photos(data / "val")
    train_set, val_set = features(model, train_photos), features(model, val_photos)
    head = nn.Linear(train_set[0].shape[1], len(train_photos.classes))
    accuracy = train(head, train_set, val_set)
    out.mkdir(parents=True)
    # The exporter of torch.jit: the newer one needs a package more.
    torch.onnx.export(
        nn.Sequential(model, head).eval(),
        (torch.zeros(1, 3, 224, 224),),
        str(out / "model.onnx"),
        input_names=["input"],
        output_names=["logits"],
        dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}},
        dynamo=False,
    )
    versions = {"PyTorch": torch.__version__, "Python": platform.python_version()}
    print(json.dumps({"val": {"accuracy": accuracy}, "versions": versions}))


if __name__ == "__main__":
    main()
