// swift-tools-version: 6.1
import PackageDescription

/// Every Swift target imports internally by default and checks its own imports; a C library's types stay in one target.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

#if os(Linux)
  let hdf5Package: String? = nil
#else
  let hdf5Package: String? = "hdf5"
#endif

/// How the two programs are linked on Linux, where loading takes longer than small work does, and a .h5 file starts both: with the
/// static Swift runtime they load the C library alone (Sources/Linking), and their ten thousands of relocations are packed (RELR,
/// read by glibc from 2.36 on), which the toolchain's own lld can do and its default linker cannot.
let lightStart: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xclang-linker", "-static-libgcc",
      "-L\(Context.packageDirectory)/Sources/Linking",
    ], .when(platforms: [.linux]))
]

let package = Package(
  name: "Ferry",
  products: [
    .library(name: "Ferry", targets: ["Ferry"]),
    .executable(name: "ferry", targets: ["FerryCLI"]),
    .executable(name: "ferry-hdf5-reader", targets: ["HDF5Reader"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The graph and what an operator means.
    .target(name: "CReordering"),
    .target(name: "ModelGraph", dependencies: ["CReordering"], swiftSettings: strict),
    .target(name: "ReferenceInterpreter", dependencies: ["ModelGraph"], swiftSettings: strict),
    .target(name: "Structure", dependencies: ["ModelGraph"], swiftSettings: strict),
    .target(name: "Passes", dependencies: ["ModelGraph", "ReferenceInterpreter"], swiftSettings: strict),

    // Files.
    .target(
      name: "CSystemSupport",
      linkerSettings: [
        .linkedLibrary(":libnettle.a", .when(platforms: [.linux])),
        .linkedLibrary("nettle", .when(platforms: [.macOS])),
      ]),
    .target(name: "CLibZip", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(
      name: "FormatSupport", dependencies: ["ModelGraph", "CSystemSupport", "CLibZip"], swiftSettings: strict),
    .target(name: "TFLiteFormat", dependencies: ["ModelGraph", "FormatSupport"], swiftSettings: strict),
    .target(name: "COnnx", linkerSettings: [.linkedLibrary(":libprotobuf-c.a", .when(platforms: [.linux]))]),
    .target(name: "ONNXFormat", dependencies: ["ModelGraph", "FormatSupport", "COnnx"], swiftSettings: strict),
    .target(name: "HDF5Protocol", dependencies: ["ModelGraph"], swiftSettings: strict),
    // On Linux the archive is linked by name: the shared library pulls in curl, Kerberos and LDAP, 8 ms of every start.
    .systemLibrary(name: "CHDF5", pkgConfig: hdf5Package, providers: [.apt(["libhdf5-dev"])]),
    .executableTarget(
      name: "HDF5Reader", dependencies: ["CHDF5", "HDF5Protocol", "CSystemSupport", "ModelGraph"],
      swiftSettings: strict,
      linkerSettings: lightStart
        + [":libhdf5_serial.a", ":libsz.a", ":libaec.a", ":libz.a"].map {
          .linkedLibrary($0, .when(platforms: [.linux]))
        }),
    .target(
      name: "KerasFormat",
      dependencies: ["ModelGraph", "Structure", "FormatSupport", "HDF5Protocol", "CSystemSupport"],
      swiftSettings: strict),
    .target(
      name: "NativeFormat", dependencies: ["ModelGraph", "FormatSupport", "CSystemSupport"], swiftSettings: strict),

    // Images.
    .target(
      name: "CImageCodecs",
      linkerSettings: [":libjpeg.a", ":libpng16.a", ":libz.a", "m"].map {
        .linkedLibrary($0, .when(platforms: [.linux]))
      }),
    .target(name: "Images", dependencies: ["ModelGraph", "FormatSupport", "CImageCodecs"], swiftSettings: strict),

    // Running and proving.
    .target(name: "CKernels"),
    .target(name: "CThreads"),
    .target(
      name: "Engine", dependencies: ["ModelGraph", "Structure", "ReferenceInterpreter", "CKernels", "CThreads"],
      swiftSettings: strict),
    .target(
      name: "Verification", dependencies: ["ModelGraph", "ReferenceInterpreter", "Engine"], swiftSettings: strict),
    .target(
      name: "Reporting", dependencies: ["ModelGraph", "Structure", "Verification", "FormatSupport"],
      swiftSettings: strict),

    // What people meet.
    .target(
      name: "Ferry",
      dependencies: [
        "ModelGraph", "ReferenceInterpreter", "Structure", "Passes", "FormatSupport", "TFLiteFormat", "ONNXFormat",
        "KerasFormat", "NativeFormat", "Images", "Engine", "Verification", "Reporting",
      ], swiftSettings: strict),
    .executableTarget(
      name: "FerryCLI",
      dependencies: ["Ferry", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict, linkerSettings: lightStart),

    // Tests.
    .target(name: "TestSupport", dependencies: ["ModelGraph", "FormatSupport"], path: "Tests/TestSupport"),
    .target(name: "CAllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(name: "ModelGraphTests", dependencies: ["ModelGraph", "TestSupport"]),
    .testTarget(
      name: "ReferenceInterpreterTests",
      dependencies: ["ReferenceInterpreter", "Structure", "ONNXFormat", "FormatSupport", "ModelGraph", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "StructureTests", dependencies: ["Structure", "Passes", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "PassesTests",
      dependencies: [
        "Passes", "ReferenceInterpreter", "ONNXFormat", "TFLiteFormat", "KerasFormat", "HDF5Reader", "FormatSupport",
        "ModelGraph", "TestSupport",
      ]),
    .testTarget(
      name: "ImagesTests", dependencies: ["Images", "FormatSupport", "ModelGraph", "TestSupport"], exclude: ["Fixtures"]
    ),
    .testTarget(name: "FormatSupportTests", dependencies: ["FormatSupport", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "TFLiteFormatTests",
      dependencies: ["TFLiteFormat", "ReferenceInterpreter", "FormatSupport", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "ONNXFormatTests",
      dependencies: ["ONNXFormat", "ReferenceInterpreter", "FormatSupport", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "KerasFormatTests",
      dependencies: [
        "KerasFormat", "HDF5Protocol", "HDF5Reader", "FormatSupport", "CSystemSupport", "ReferenceInterpreter",
        "Passes", "ModelGraph", "TestSupport",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "NativeFormatTests",
      dependencies: [
        "NativeFormat", "TFLiteFormat", "ONNXFormat", "Passes", "FormatSupport", "ModelGraph", "TestSupport",
      ]),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "TestSupport"]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "ReferenceInterpreter", "Passes", "Structure", "ONNXFormat", "TFLiteFormat", "FormatSupport",
        "ModelGraph", "TestSupport", "CAllocationCounter",
      ]),
    .testTarget(
      name: "VerificationTests", dependencies: ["Verification", "ReferenceInterpreter", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "Verification", "FormatSupport", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "FerryTests", dependencies: ["Ferry", "ModelGraph", "FormatSupport", "NativeFormat", "TestSupport"]),
    .testTarget(
      name: "FerryCLITests",
      dependencies: ["FerryCLI", "HDF5Reader", "FormatSupport", "ModelGraph", "TestSupport"]),
  ],
  cLanguageStandard: .gnu11
)

// A quick cycle while working on one module: `FERRY_TEST_TARGETS=PassesTests swift test` builds that test target and what it
// stands on, and nothing else.
if let chosen = Context.environment["FERRY_TEST_TARGETS"]?.split(separator: ",").map(String.init), !chosen.isEmpty {
  var wanted = Set(chosen)
  var open = chosen
  while let name = open.popLast() {
    for case .byNameItem(let dependency, _) in package.targets.first(where: { $0.name == name })?.dependencies ?? []
    where wanted.insert(dependency).inserted {
      open.append(dependency)
    }
  }
  package.targets.removeAll { !wanted.contains($0.name) }
  package.products.removeAll { product in
    // The commands stay, under the names that the tests start them by.
    (product as? Product.Executable).map { !wanted.isSuperset(of: $0.targets) } ?? true
  }
  if !wanted.contains("FerryCLI") { package.dependencies = [] }
}
