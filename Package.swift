// swift-tools-version: 6.3
import PackageDescription

/// A floor of the house and its targets. A target imports lower floors only, never a sibling; the test
/// `PackageLayout` reads this file and asserts it (Docs/Design.md).
let package = Package(
    name: "Wyckoff",
    platforms: [.macOS(.v13)],
    products: [
        .library(name: "Wyckoff", targets: ["Wyckoff"]),
        .executable(name: "wyckoff", targets: ["WyckoffCommand"]),
        // The C interface, installed as libwyckoff (make wheel, make binary).
        .library(name: "WyckoffInterface", type: .dynamic, targets: ["WyckoffInterface"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Floor 0: C and C++ edges, embedded tables.
        .systemLibrary(name: "CSpglib", pkgConfig: "spglib", providers: [.apt(["libsymspg-dev"])]),
        .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
        .systemLibrary(
            name: "CLAPACK", pkgConfig: "lapacke", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CGemmi", linkerSettings: [.linkedLibrary("m")]),
        .target(name: "CStructureFactors", linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "CGatedLayers", cSettings: [.headerSearchPath("../CStructureFactors")],
            linkerSettings: [.linkedLibrary("m")]),
        .target(name: "CBandedProducts", cSettings: [.headerSearchPath("../CStructureFactors")]),
        .target(name: "CPeakRate"),
        .systemLibrary(name: "CWyckoff"),
        .target(name: "CKIM", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(
            name: "SpaceGroupTables", path: "SpaceGroups",
            exclude: ["README.md", "settings.tsv", "first-triplets.tsv", "space-groups.tsv"],
            sources: ["SpaceGroupTables.c"]),
        .target(
            name: "ReferenceData", path: "Data",
            exclude: ["README.md", "starts", "tables", "patterns", "structures", "types", "crystals"],
            sources: ["ReferenceData.c"]),
        .target(
            name: "StructureTypeTable", path: "Data/types", exclude: ["structure-types.tsv"],
            sources: ["StructureTypeTable.c"]),
        .target(
            name: "ReferenceCrystalTable", path: "Data/crystals", exclude: ["reference-crystals.tsv"],
            sources: ["ReferenceCrystalTable.c"]),
        // What every error of the house is.
        .target(name: "ExplainedErrors"),
        // Floor 1: mathematics, archives, pages and files that know no crystals.
        .target(
            name: "NumericalMethods",
            dependencies: ["ExplainedErrors", "CLAPACK", "CNLopt", "CBandedProducts"]),
        .target(name: "Archives", dependencies: ["ExplainedErrors", "CZlib"]),
        .target(name: "Publishing", dependencies: ["ExplainedErrors"]),
        .target(name: "Stores", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
        // Floor 2: crystals and patterns as plain values.
        .target(name: "Crystallography", dependencies: ["NumericalMethods", "ReferenceData"]),
        // Floor 3
        .target(name: "Symmetry", dependencies: ["Crystallography", "SpaceGroupTables", "CSpglib"]),
        .executableTarget(
            name: "generate-space-groups", dependencies: ["Symmetry"],
            path: "Sources/SpaceGroupTablesGenerator"),
        // Floor 4
        .target(name: "Parameterization", dependencies: ["Symmetry"]),
        .target(name: "Indexing", dependencies: ["Symmetry"]),
        // Floor 5
        .target(name: "Matching", dependencies: ["Parameterization"]),
        .target(name: "Diffraction", dependencies: ["Parameterization", "CStructureFactors", "CGemmi"]),
        .target(
            name: "CrystalFiles", dependencies: ["Parameterization", "CGemmi", "Archives", "Publishing"]),
        .target(name: "LearnedModels", dependencies: ["NumericalMethods", "Archives", "Publishing"]),
        // Floor 6
        .target(
            name: "Energies", dependencies: ["LearnedModels", "Parameterization", "CGatedLayers", "CKIM"]),
        .target(
            name: "PropertyModels",
            dependencies: ["LearnedModels", "Parameterization", "CGatedLayers", "ReferenceData"]),
        // Floor 7
        .target(name: "Refinement", dependencies: ["Diffraction"]),
        // Floor 8: the jobs.
        .target(
            name: "Recovery",
            dependencies: [
                "StructureTypeTable", "Refinement", "Matching", "CrystalFiles", "Energies", "Publishing",
            ]),
        .target(name: "Landscape", dependencies: ["Refinement", "Energies", "Matching"]),
        .target(name: "Design", dependencies: ["PropertyModels", "Energies", "ReferenceData"]),
        .target(name: "Validation", dependencies: ["Parameterization", "CrystalFiles"]),
        .target(name: "Patterns", dependencies: ["Refinement", "CrystalFiles", "Matching"]),
        .target(name: "ExtinctionSymbols", dependencies: ["Refinement", "Indexing"]),
        // Floor 9
        .target(
            name: "Studies",
            dependencies: [
                "Recovery", "Landscape", "CrystalFiles", "Energies", "Publishing", "Stores",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Evaluations",
            dependencies: [
                "ReferenceCrystalTable", "Validation", "CrystalFiles", "Matching", "Energies", "Stores",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Campaigns",
            dependencies: [
                "CrystalFiles", "LearnedModels", "Publishing", "ExplainedErrors", "Stores",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        // The one import a user writes.
        .target(
            name: "Wyckoff",
            dependencies: [
                "Indexing", "Recovery", "Landscape", "Patterns", "CrystalFiles", "Matching", "Energies",
                "PropertyModels",
                "Design", "Validation", "ExtinctionSymbols",
            ]),
        // Floor 10: a job for each command.
        .target(
            name: "Jobs",
            dependencies: [
                "Indexing", "Recovery", "Landscape", "Patterns", "Validation", "Design", "Studies",
                "Evaluations", "Campaigns", "CrystalFiles",
                "Energies", "Publishing", "ExtinctionSymbols",
            ]),
        // Floor 11: what is printed and written.
        .target(
            name: "Reports",
            dependencies: [
                "Jobs", "Indexing", "Recovery", "Landscape", "Patterns", "Design", "Validation", "Energies",
                "CrystalFiles",
                "Studies", "Evaluations", "Campaigns", "Publishing", "ExtinctionSymbols",
            ]),
        // Floor 12
        .executableTarget(
            name: "WyckoffCommand",
            dependencies: [
                "Wyckoff", "Jobs", "Reports", "Studies", "Evaluations", "Campaigns", "Validation",
                "Publishing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(
            name: "WyckoffInterface",
            dependencies: [
                "CWyckoff", "Reports", "Patterns", "Energies", "LearnedModels", "CrystalFiles", "Publishing",
            ]),
        .executableTarget(
            name: "wyckoff-bench",
            dependencies: ["Diffraction", "CrystalFiles", "Matching", "Design", "CPeakRate"],
            path: "Sources/Benchmarks"),
        // Takes the place of malloc in the tests' executable.
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        // Structures as text, which several test targets read.
        .target(name: "CrystalTexts", path: "Tests/CrystalTexts"),
        .testTarget(name: "ExplainedErrorsTests", dependencies: ["ExplainedErrors"]),
        .testTarget(name: "NumericalMethodsTests", dependencies: ["NumericalMethods"]),
        .testTarget(name: "ArchivesTests", dependencies: ["Archives"]),
        .testTarget(name: "PublishingTests", dependencies: ["Publishing"]),
        .testTarget(name: "CrystallographyTests", dependencies: ["Crystallography"]),
        .testTarget(
            name: "SymmetryTests", dependencies: ["Parameterization", "CSpglib", "CrystalFiles"],
            exclude: ["Fixtures"]),
        .testTarget(name: "IndexingTests", dependencies: ["Indexing"]),
        .testTarget(name: "ParameterizationTests", dependencies: ["Parameterization", "CrystalFiles"]),
        .testTarget(
            name: "MatchingTests", dependencies: ["Matching", "CrystalFiles"], exclude: ["Fixtures"]),
        .testTarget(
            name: "DiffractionTests",
            dependencies: ["Diffraction", "Landscape", "CrystalFiles", "CAllocationCount"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "CrystalFilesTests", dependencies: ["CrystalFiles", "CrystalTexts"], exclude: ["Fixtures"]),
        .testTarget(name: "RefinementTests", dependencies: ["Refinement", "CrystalFiles"]),
        .testTarget(
            name: "RecoveryTests", dependencies: ["Recovery", "Landscape", "Design", "CrystalFiles"]),
        .testTarget(
            name: "ExtinctionSymbolsTests", dependencies: ["ExtinctionSymbols", "CSpglib", "CrystalFiles"]),
        .testTarget(name: "LandscapeTests", dependencies: ["Landscape", "Energies", "CrystalFiles"]),
        .testTarget(name: "LearnedModelsTests", dependencies: ["LearnedModels"], exclude: ["Fixtures"]),
        .testTarget(name: "EnergiesTests", dependencies: ["Energies"]),
        .testTarget(
            name: "PropertyModelsTests", dependencies: ["PropertyModels"], exclude: ["Fixtures"]),
        .testTarget(name: "DesignTests", dependencies: ["Design", "CrystalFiles"]),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "Reports", "Jobs", "Recovery", "Design", "LearnedModels", "Studies", "CrystalFiles",
                "Publishing",
            ]),
        .testTarget(
            name: "StudiesTests",
            dependencies: [
                "Studies", "Stores", "CrystalFiles", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "PatternsTests", dependencies: ["Patterns", "CrystalFiles", "CrystalTexts"],
            exclude: ["Fixtures"]),
        .testTarget(name: "ValidationTests", dependencies: ["Validation", "CrystalTexts"]),
        .testTarget(
            name: "EvaluationsTests",
            dependencies: ["Evaluations", "Energies", "Validation", "Matching", "CrystalFiles"]),
        .testTarget(
            name: "CampaignsTests",
            dependencies: ["Campaigns", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "JobsTests", dependencies: ["Jobs", "CrystalFiles", "ExtinctionSymbols", "Indexing"]),
        .testTarget(name: "PackageLayoutTests"),
        .testTarget(
            name: "WyckoffCommandTests", dependencies: ["Wyckoff", "WyckoffCommand", "CrystalTexts"],
            exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
