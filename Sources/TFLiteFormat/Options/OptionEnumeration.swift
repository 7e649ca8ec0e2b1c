/// The names of an enumeration's values, which count from 0.
package struct OptionEnumeration: Sendable {
  package let name: String
  package let values: [String]

  /// The value's name, or its number where the schema has none.
  package func name(of value: Int) -> String {
    values.indices.contains(value) ? values[value] : String(value)
  }

  package static let padding = OptionEnumeration(name: "Padding", values: ["SAME", "VALID"])
  package static let activation = OptionEnumeration(
    name: "ActivationFunctionType", values: ["NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"])
  package static let weightsFormat = OptionEnumeration(
    name: "FullyConnectedOptionsWeightsFormat", values: ["DEFAULT", "SHUFFLED4x16INT8"])
  package static let mirrorPadMode = OptionEnumeration(name: "MirrorPadMode", values: ["REFLECT", "SYMMETRIC"])
  package static let combiner = OptionEnumeration(name: "CombinerType", values: ["SUM", "MEAN", "SQRTN"])
  package static let lstmKernel = OptionEnumeration(name: "LSTMKernelType", values: ["FULL", "BASIC"])
  package static let lshProjection = OptionEnumeration(
    name: "LSHProjectionType", values: ["UNKNOWN", "SPARSE", "DENSE"])
  package static let elementType = OptionEnumeration(
    name: "TensorType",
    values: [
      "FLOAT32", "FLOAT16", "INT32", "UINT8", "INT64", "STRING", "BOOL", "INT16", "COMPLEX64", "INT8", "FLOAT64",
      "COMPLEX128", "UINT64", "RESOURCE", "VARIANT", "UINT32", "UINT16", "INT4", "BFLOAT16", "INT2", "UINT4",
      "FLOAT8_E4M3FN", "FLOAT8_E5M2",
    ])
}
