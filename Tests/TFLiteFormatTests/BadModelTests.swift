import FormatSupport
import ModelGraph
import TFLiteFormat
import TestSupport
import Testing

/// Small files of one fault each.
struct BadModelTests {
  struct Fault: Sendable {
    let file: String
    var code = ModelError.Code.malformed
    let message: String
  }

  static let faults = [
    Fault(file: "schema_version", code: .unsupported, message: "schema version 2; Ferry reads version 3"),
    Fault(file: "no_subgraph", message: "the model holds no graph"),
    Fault(file: "input_outside", message: "tensor 9 does not exist; the subgraph has 4"),
    Fault(file: "input_negative", message: "tensor -2 does not exist"),
    Fault(file: "input_twice", message: "tensor 0 is listed twice among the inputs"),
    Fault(file: "output_outside", message: "tensor 99 does not exist"),
    Fault(file: "output_never_made", message: "tensor 3 is used before any operator has made it"),
    Fault(file: "operand_outside", message: "tensor 77 does not exist"),
    Fault(file: "operand_missing", message: "input 1 is missing"),
    Fault(file: "too_few_operands", message: "found 1 inputs, expected 2 to 3"),
    Fault(file: "result_outside", message: "tensor 1073741824 does not exist"),
    Fault(file: "result_is_input", message: "'x' exists already"),
    Fault(file: "result_is_constant", message: "'weights' exists already"),
    Fault(file: "two_results", message: "found 2 outputs, the operator has 1"),
    Fault(file: "no_result", message: "found 0 outputs, the operator has 1"),
    Fault(file: "kind_outside", message: "operator #1 is of kind 5, the model lists 2 kinds"),
    Fault(file: "wrong_order", message: "tensor 2 is used before any operator has made it"),
    Fault(file: "buffer_outside", message: "lies in buffer 8, the model has 2"),
    Fault(file: "content_too_short", message: "takes 48 bytes, found 47"),
    Fault(file: "content_missing", message: "tensor 1 is used before any operator has made it, and is no constant"),
    Fault(file: "content_beyond_file", message: "a buffer behind the flatbuffer of 48 bytes leaves the file"),
    Fault(file: "other_file", code: .unsupported, message: "the content lies in another file"),
    Fault(file: "wrong_shape", message: "is stated as [1, 5], the operator gives [1, 3]"),
    Fault(file: "negative_extent", message: "an extent of -4"),
    Fault(file: "huge_shape", message: "is too large"),
    Fault(file: "many_axes", message: "40 axes pass the limit of 16"),
    Fault(file: "element_type", code: .unsupported, message: "elements of type COMPLEX64"),
    Fault(file: "wrong_options", message: "options of kind Pool2DOptions where FullyConnectedOptions belong"),
    Fault(file: "scale_nan", message: "a quantization scale of nan"),
    Fault(file: "scale_infinite", message: "a quantization scale of inf"),
    Fault(file: "scale_negative", message: "a quantization scale of -0.5"),
    Fault(file: "zero_point_outside", message: "a zero point of 128 in a tensor of int8"),
    Fault(file: "scale_count", message: "2 scales and 1 zero points"),
    Fault(file: "scales_of_axis", message: "2 scales along axis 1 of a tensor of shape [1, 3]"),
    Fault(file: "metadata_buffer", message: "the metadata 'note' lies in buffer 12, which does not exist"),
    Fault(file: "nan_weight", code: .nonFinite, message: "element 0 of 12 is not a finite number"),
  ]

  @Test(arguments: faults)
  func refused(_ fault: Fault) throws {
    let error = #expect(throws: ModelError.self) { try TFLiteGolden.program("bad/\(fault.file)") }
    #expect(error?.code == fault.code)
    #expect(error?.message.contains(fault.message) == true, "\(error?.description ?? "")")
  }

  @Test func theErrorNamesTheNodeAndTheTensor() {
    let error = #expect(throws: ModelError.self) { try TFLiteGolden.program("bad/content_too_short") }
    #expect(
      error?.context == [.node(name: "hidden", operator: "FULLY_CONNECTED", index: 0), .tensor("weights")])
  }

  @Test func weightsThatAreNoNumbersCanBeLetThrough() throws {
    var options = ImportOptions.standard
    options.allowsNonFinite = true
    #expect(try TFLiteGolden.program("bad/nan_weight", options: options).mainGraph.nodes.count == 2)
  }

  @Test func limitsAreNamed() {
    var options = ImportOptions.standard
    options.limits.nodes = 1
    let error = #expect(throws: ModelError.self) { try TFLiteGolden.program("several_graphs", options: options) }
    #expect(error?.message == "3 operators pass the limit of 1")
  }
}
