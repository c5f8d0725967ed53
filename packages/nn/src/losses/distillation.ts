import { ArgumentError, add, logSoftmax, mul, noGrad, softmax, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { classAxis } from "./classes.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { klDiv } from "./klDiv.ts";
import { checkSameShape } from "./reduction.ts";

/** Options of {@link distillationLoss} and {@link DistillationLoss}. */
export interface DistillationLossOptions {
  /** T: how much both distributions are softened, > 0. Default 2. */
  readonly temperature?: number;
  /** Share of the teacher where there is a target too, in [0, 1]. Default 0.5. */
  readonly alpha?: number;
}

/**
 * What a student is to learn from a teacher's logits, and from a target:
 * alpha · T² · KL(softmax(teacher / T) ‖ softmax(student / T)) + (1 - alpha) · crossEntropy(student, target), both averaged over
 * samples. T² keeps the gradient's size. Without a target, it is the first part alone, whatever alpha. The teacher gets
 * no gradient.
 * `student` and `teacher` [N, C, ...] or [C]; `target` as {@link crossEntropy} takes it.
 * @throws {ShapeError | DTypeError} if they do not fit. @throws {ArgumentError} unless temperature > 0 and alpha is in [0, 1].
 * Source: Hinton, Vinyals & Dean 2015, https://arxiv.org/abs/1503.02531
 *
 * @example
 * ```ts
 * import { distillationLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [student, teacher] = [tensor([[0, 0]]), tensor([[0, 2]])];
 * const target = tensor([1], undefined, { dtype: "int32" });
 * console.log(distillationLoss(student, teacher, target, { temperature: 2, alpha: 0.5 }).item()); // 0.5685
 * console.log(distillationLoss(teacher, teacher).item()); // 0.0000
 * ```
 */
export function distillationLoss(
  student: Tensor,
  teacher: Tensor,
  target: Tensor | null = null,
  options: DistillationLossOptions = {},
): Tensor {
  const { temperature = 2, alpha = 0.5 } = options;
  checkSameShape("distillationLoss", student, teacher);
  if (!(temperature > 0)) {
    throw new ArgumentError({ op: "distillationLoss", expected: "temperature > 0", got: String(temperature) });
  }
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new ArgumentError({ op: "distillationLoss", expected: "alpha in [0, 1]", got: String(alpha) });
  }
  const axis = classAxis("distillationLoss", student);
  const soft = noGrad(() => softmax(mul(teacher, 1 / temperature), axis));
  const learned = logSoftmax(mul(student, 1 / temperature), axis);
  const samples = student.size / (student.shape[axis] as number);
  const fromTeacher = mul(klDiv(learned, soft, { reduction: "sum" }), temperature ** 2 / samples);
  if (!target) return fromTeacher;
  return add(mul(fromTeacher, alpha), mul(crossEntropy(student, target), 1 - alpha));
}

/**
 * {@link distillationLoss} as a module.
 *
 * @example
 * ```ts
 * import { DistillationLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [student, teacher] = [tensor([[0, 0]]), tensor([[0, 2]])];
 * console.log(new DistillationLoss({ temperature: 2 }).forward(student, teacher).item()); // 0.4438
 * ```
 */
export class DistillationLoss extends Module<readonly [student: Tensor, teacher: Tensor, target?: Tensor | null]> {
  readonly options: DistillationLossOptions;

  constructor(options: DistillationLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(student: Tensor, teacher: Tensor, target: Tensor | null = null): Tensor {
    return distillationLoss(student, teacher, target, this.options);
  }
}
