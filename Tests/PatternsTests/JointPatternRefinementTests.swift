import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Patterns
import Testing

@Suite("JointPatternRefinement") struct JointPatternRefinementTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    private static func crystal() throws -> PatternCrystal {
        try PatternCrystal(readingFrom: root.appending(path: "Data/structures/pbso4.cif").path)
    }

    private static func measurement(_ name: String, wavelength: String, neutrons: Bool)
        throws -> JointPatternRefinement.Measurement
    {
        let pattern = try PowderPatternFile.read(root.appending(path: "Data/patterns/" + name).path)
            .restricted(to: 20...110)
        var instrument = Instrument(radiation: try Wavelength.radiation(named: wavelength))
        if neutrons { instrument.radiation.probe = .neutron }
        return JointPatternRefinement.Measurement(
            refinement: PatternRefinement(simulation: PatternSimulation(instrument: instrument)),
            pattern: pattern, weights: pattern.weights())
    }

    @Test(
        "a name of one pattern's that belongs to the crystal, and an unknown one, are refused before any fit")
    func names() throws {
        let items = [
            try Self.measurement("pbso4-x.dat", wavelength: "CuKa", neutrons: false),
            try Self.measurement("pbso4-x.dat", wavelength: "CuKa1", neutrons: false),
        ]
        #expect(JointPatternRefinement.name(1) == "pattern2")
        for word in ["pattern2.a", "pattern3.zero", "zeros"] {
            var joint = JointPatternRefinement(items)
            joint.stages = [[word]]
            #expect(throws: (any Error).self, "\(word)") { _ = try joint.refine([try Self.crystal()]) }
        }
    }

    @Test("a pattern fitted with itself gives the cell that it gives alone, and each has its own zero")
    func twice() throws {
        let item = try Self.measurement("pbso4-x.dat", wavelength: "CuKa", neutrons: false)
        var joint = JointPatternRefinement([item, item])
        joint.stages = [["lattice", "zero"]]
        var alone = item.refinement
        alone.stages = joint.stages
        let both = try joint.refine([try Self.crystal()])
        let single = try alone.refine([try Self.crystal()], pattern: item.pattern, weights: item.weights)
        let (a, b) = (try #require(both.parts[0].model["a"]), try #require(single.model["a"]))
        #expect(abs(a - b) < 2e-5)
        #expect(abs(both.statistics.rwp - single.statistics.rwp) < 1e-4)
        let zeros = try both.parts.map { try #require($0.model["zero"]) }
        #expect(abs(zeros[0] - zeros[1]) < 1e-5)
    }
}
