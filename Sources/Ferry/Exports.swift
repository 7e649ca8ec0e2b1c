// A program that imports Ferry works with graphs, tensors, summaries and verifications: `import Ferry` is enough for them.
@_exported public import Engine
@_exported public import FormatSupport
@_exported public import Images
@_exported public import ModelGraph
@_exported public import Reporting
@_exported public import Structure
@_exported public import Verification
