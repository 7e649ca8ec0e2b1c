/// The .tflite files of the shared models.
enum RealModels {
  static let files = [
    "imagenet/mobilenetv2_torchvision_float32.tflite", "imagenet/mobilenetv2_torchvision_fp16.tflite",
    "imagenet/mobilenetv2_torchvision_dynrange.tflite", "imagenet/mobilenetv2_torchvision_int8.tflite",
    "hosted/mobilenet_v2_1.0_224_quant.tflite", "hosted/tf2_mobilenet_v2_1.0_224_ptq.tflite",
    "hosted/mobilenet_v2_035_96_embedder_with_metadata.tflite", "hosted/deeplabv3_mnv2_float_257.tflite",
    "hosted/deeplabv3_mnv2_dm05_pascal_quant.tflite", "hosted/tm_fruit_model_unquant.tflite",
    "other/vww_96_float.tflite", "other/vww_96_int8.tflite", "other/resnet8_cifar_float.tflite",
    "other/resnet8_cifar_int8.tflite", "other/person_detect_int8.tflite", "other/mobilenet_v1_0.25_128_float.tflite",
    "other/mediapipe_face_detection_short_range.tflite", "broken/invalid_model_invoking_error.tflite",
  ]
}
