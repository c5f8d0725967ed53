// Who may import whom. The arrows only point down this table.
const allowed = {
  tensor: [],
  wasm: ["tensor"],
  nn: ["tensor"],
  optim: ["tensor", "nn"],
  data: ["tensor"],
  onnx: ["tensor", "nn"],
  models: ["nn", "onnx", "tensor"],
  metrics: ["tensor"],
  recipes: ["tensor", "nn", "optim", "data", "onnx", "models", "metrics"],
};

const directions = Object.entries(allowed).map(([name, targets]) => ({
  name: `${name}-may-import`,
  comment: `@graftjs/${name} may import ${targets.join(", ") || "nothing of ours"}`,
  severity: "error",
  from: { path: `^packages/${name}/src`, pathNot: "\\.test\\.ts$" },
  to: { path: "^(packages|apps|bench)/", pathNot: `^packages/(${[name, ...targets].join("|")})/` },
}));

export default {
  forbidden: [
    ...directions,
    {
      name: "tests-stay-near",
      comment: "a package's tests may import the package, what it may import, the devices and the test helpers",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/testing/" },
      to: { path: "^(apps|bench)/" },
    },
    {
      name: "no-cycle",
      comment: "gradient rules refer to each other by nature, so ops/ is exempt; types are erased, so they are too",
      severity: "error",
      from: { pathNot: "^packages/tensor/src/ops/" },
      to: { circular: true, viaOnly: { pathNot: "^packages/tensor/src/ops/", dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "node-only-in-node-entries",
      comment: "packages run in browsers: node:* belongs in node.ts or node/, or in a dynamic import behind a check",
      severity: "error",
      from: {
        path: "^packages/[^/]+/src/",
        pathNot: ["\\.test\\.ts$", "/src/node(\\.ts|/)", "\\.node\\.ts$", "^packages/testing/"],
      },
      to: { dependencyTypes: ["core"], dependencyTypesNot: ["type-only", "dynamic-import"] },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["(^|/)(dist|build|assembly)/"] },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@graftjs/source", "import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
