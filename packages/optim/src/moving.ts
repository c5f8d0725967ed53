import { runtime, type Tensor } from "@graftjs/tensor";

/**
 * Those of the parameters that a step moves: they have a gradient and require one. Others are left alone. A trace notes
 * what this depends on.
 */
export function movingOf(parameters: readonly Tensor[]): Tensor[] {
  const { tracer } = runtime();
  if (tracer) {
    for (const parameter of parameters) {
      tracer.guard(() => parameter.requiresGrad);
      // A gradient from outside of the trace is another tensor the next time.
      if (parameter.grad && "host" in parameter.grad.place) tracer.guard(() => parameter.grad);
    }
  }
  return parameters.filter((p) => p.borrowGrad() && p.requiresGrad);
}
