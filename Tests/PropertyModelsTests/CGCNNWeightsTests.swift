import Crystallography
import Foundation
import LearnedModels
import NumericalMethods
import PropertyModels
import Testing

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

/// What PyTorch predicts with a toy network in 64 bits (Scripts/toy-cgcnn.py; --wide).
private struct Toy: Decodable {
    struct Entry: Decodable {
        var lattice: [[Double]]
        var species: [String]
        var frac: [[Double]]
        var value: Double

        var structure: CrystalStructure {
            func vector(_ x: [Double]) -> SIMD3<Double> { SIMD3(x[0], x[1], x[2]) }
            return CrystalStructure(
                title: "toy",
                lattice: Lattice(
                    vectors: Matrix3(rows: vector(lattice[0]), vector(lattice[1]), vector(lattice[2]))),
                sites: zip(species, frac).compactMap { symbol, position in
                    Element(symbol: symbol).map { Site($0, at: vector(position)) }
                })
        }
    }
    var structures: [Entry]

    static let names = ["toy-cgcnn", "toy-wide"]

    static func entries(_ name: String) throws -> [Entry] {
        let data = try Data(contentsOf: fixtures.appendingPathComponent("\(name).json"))
        return try JSONDecoder().decode(Toy.self, from: data).structures
    }
    static func checkpoint(_ name: String) throws -> Checkpoint {
        try Checkpoint(path: fixtures.appendingPathComponent("\(name).ckpt").path)
    }
}

/// Networks of 16 features a node and one hidden layer, and of 128 features and three hidden layers, both of two convolutions and 10
/// hidden units, as cgcnn2's trainer writes them.
@Suite struct CGCNNWeightsTests {
    @Test(arguments: zip(Toy.names, [(16, 1), (128, 3)]))
    func networksOfOtherSizesAreReadAndPredictAsPyTorch(name: String, size: (features: Int, layers: Int))
        throws
    {
        let checkpoint = try Toy.checkpoint(name)
        #expect(
            checkpoint.settings["atom_fea_len"] == "\(size.features)"
                && checkpoint.settings["device"] == "cpu")
        #expect(checkpoint.settings["n_h"] == "\(size.layers)")
        #expect(!checkpoint.tensors.contains { $0.name.hasSuffix("num_batches_tracked") })
        let model = try CGCNN(checkpoint, name: "Tc")
        for entry in try Toy.entries(name) {
            let crystal = try MixedCrystal(entry.structure, ties: .reference)
            let double = model.evaluate(crystal, gradient: false).value
            #expect(abs(double - entry.value) < 1e-9, "\(double) \(entry.value)")
            let single = model.evaluate(crystal, gradient: false, precision: .single).value
            #expect(abs(single - entry.value) < 1e-4, "\(single) \(entry.value)")
        }
    }

    /// In the distances, through a strain of the cell, and in a share; both precisions.
    @Test(arguments: [PredictionPrecision.double, .single], Toy.names)
    func theirGradientsAreThoseOfDifferences(precision: PredictionPrecision, name: String) throws {
        let model = try CGCNN(Toy.checkpoint(name), name: "Tc")
        let entry = try #require(try Toy.entries(name).first)
        let start = try MixedCrystal(entry.structure, ties: .reference)
        let exact = try #require(model.evaluate(start, gradient: true, precision: precision).gradient)
        func value(_ change: (inout MixedCrystal) -> Void) -> Double {
            var moved = start
            change(&moved)
            return model.evaluate(moved, gradient: false).value
        }
        let h = 1e-4
        let tolerance = precision == .double ? 1e-5 : 2e-3
        for axis in 0..<3 {
            let numeric =
                (value { $0.geometry.positions[0][axis] += h } - value { $0.geometry.positions[0][axis] -= h })
                / (2 * h)
            #expect(abs(numeric - exact.positions[0][axis]) < tolerance * max(1, abs(numeric)))
        }
        for place in [7, 21, 55] {
            let numeric = (value { $0.mixtures[place] += h } - value { $0.mixtures[place] -= h }) / (2 * h)
            #expect(abs(numeric - exact.mixtures[place]) < tolerance * max(1, abs(numeric)))
        }
    }
}
