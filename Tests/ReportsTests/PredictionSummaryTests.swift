import Crystallography
import Foundation
import LearnedModels
import Reports
import Testing

@Suite("what predict, convert, distort and models print") struct PredictionSummaryTests {
    private static func summary(_ properties: [(String, Double)]) -> PredictionSummary {
        PredictionSummary(
            file: "x.cif", name: "X", ties: "symmetric", cutShells: 0,
            properties: properties.map {
                .init(name: $0, value: $1, unit: "", validationError: nil, errorKind: "MAE")
            })
    }

    @Test(
        "a metal is what the classifier puts at a half or more; without it nobody knows",
        arguments: [0.0, 0.49, 0.5, 1])
    func metal(chance: Double) throws {
        let known = Self.summary([("metal", chance), ("gap", 1.2)])
        #expect(known.isMetal == (chance >= 0.5))
        // A gap is a property of what is none.
        #expect(known.text.contains("means nothing") == (chance >= 0.5))
        let unknown = Self.summary([("gap", 1.2)])
        #expect(unknown.isMetal == nil && !unknown.text.contains("means nothing"))
        #expect(try Samples.object(unknown)["isMetal"] is NSNull)
        let property = try #require((try Samples.object(unknown)["properties"] as? [[String: Any]])?.first)
        #expect(property["validationError"] is NSNull)
    }

    @Test("a conversion counts what it wrote")
    func conversion() throws {
        let structures = [try Samples.copper(), try Samples.record("pbso4").structure]
        let summary = ConversionSummary(file: "a", output: "b", structures, warnings: [])
        #expect(summary.structures == 2 && summary.atoms == structures.map(\.sites.count))
        #expect(summary.formulas == ["Cu4", Formula(structures[1]).conventional])
        #expect(try Samples.object(summary)["atoms"] as? [Int] == [4, 24])
    }

    @Test("a distortion says the seed and the strengths that make it again")
    func distortion() throws {
        let summary = DistortionSummary(
            file: "a", output: "b", seed: .max, lattice: 0.03, coordinates: 0.02, atoms: 24)
        let object = try Samples.object(summary)
        #expect((object["seed"] as? NSNumber)?.uint64Value == .max)
        #expect(object["lattice"] as? Double == 0.03 && object["coordinates"] as? Double == 0.02)
    }

    @Test("a model that is not there is said not to be, and where it would be")
    func models() throws {
        try withFolder { folder in
            let store = ModelStore(folder: folder)
            for model in LearnedModel.all {
                let row = LearnedModelRow(model, in: store)
                #expect(!row.isInstalled && row.path.hasPrefix(folder.path))
                #expect(row.text == "\(model.name)\t\(model.summary)\tnot installed")
                let object = try Samples.object(row)
                #expect(object["isInstalled"] as? Bool == false && object["name"] as? String == model.name)
            }
        }
    }
}
