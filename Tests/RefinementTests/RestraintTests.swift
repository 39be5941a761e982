import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Testing

/// What chemistry knows beside a pattern. Reaches `RestraintTerms`, `RestraintMisfit`.
@Suite("Restraints") struct RestraintTests {
    @Test("bonds, angles, valences and equal parameters are read as they are written")
    func parsing() throws {
        #expect(try Restraint(parsing: "S-O=1.48:0.02").quantity == .distance("S", "O"))
        #expect(try Restraint(parsing: "O1-S1-O2 = 109.5:2").quantity == .angle("O1", "S1", "O2"))
        #expect(try Restraint(parsing: "valence(Pb1)=2:0.1").quantity == .valence("Pb1"))
        let equal = try Restraint(parsing: "O1.B=O2.B:0.1")
        #expect(equal.quantity == .difference("O1.B", "O2.B") && equal.target == 0 && equal.sigma == 0.1)
        for text in [
            "S-O", "S-O=1.48", "S-O=1.48:0", "S=1.4:1", "-O=1.4:1", "S-O=-1:1", "=:1", "A-B-C-D=1:1",
        ] {
            #expect(throws: RestraintError.self) { try Restraint(parsing: text) }
        }
    }

    /// Rutile with a pattern that is worth little: a hundred counts in its highest line.
    private static func fit(_ restraints: [Restraint]) throws -> RietveldRefinement.Result {
        var (truth, pattern, instrument) = try PawleyFitTests.rutile(a: 4.594, c: 2.959)
        let level = 100 / (pattern.intensity.max() ?? 1)
        var random = RandomStream(seed: 6)
        pattern.intensity = pattern.intensity.map { y in
            let mean = level * y + 50
            return max(0, (mean + mean.squareRoot() * random.normal()).rounded())
        }
        truth.parameterVector = [4.594, 2.959, 0.302]
        instrument.widths = PeakWidths(w: 0.012, x: 0.025)
        let model = PowderModel(
            phases: [.init(truth, scale: 90 * level)], instrument: instrument, background: [60])
        var refinement = RietveldRefinement()
        refinement.bounds = ["*.B": -3...3]
        refinement.restraints = restraints
        return try refinement.refine(
            model, pattern: pattern, weights: pattern.intensity.map { 1 / max($0, 1) },
            free: ["scale", "background.0", "W", "X", "a", "c", "O1.x", "Ti1.B", "O1.B"])
    }

    @Test("a bond that is known much better than the pattern tells it has the length that is known")
    func tightBond() throws {
        let free = try Self.fit([])
        // Of x = 0.305: √2 · 4.594 · 0.305 and the four others.
        let known = try Restraint(parsing: "Ti1-O1=1.9600:0.00001")
        let held = try Self.fit([known])
        let outcome = try #require(held.restraints.first)
        #expect(!outcome.values.isEmpty && free.restraints.isEmpty)
        // Two lengths cannot both be 1.96 while the lines hold the cell: the mean of squares is least there.
        let before = free.model["O1.x"] ?? 0
        let after = held.model["O1.x"] ?? 0
        #expect(abs(before - 0.305) < 0.02)
        func lengths(_ x: Double, _ result: RietveldRefinement.Result) -> [Double] {
            let (a, c) = (result.model["a"] ?? 0, result.model["c"] ?? 0)
            let short = (2 * (0.5 - x) * (0.5 - x) * a * a + c * c / 4).squareRoot()
            return [Double(2).squareRoot() * a * x, short]
        }
        for length in lengths(after, held) {
            #expect(outcome.values.contains { abs($0 - length) < 1e-6 }, "\(length) of \(outcome.values)")
        }
        #expect(outcome.deviation < 0.02)
    }

    @Test("a restraint that says what is true moves nothing, and makes uncertainties no larger")
    func trueBond() throws {
        let free = try Self.fit([])
        let length = Double(2).squareRoot() * 4.594 * 0.305
        let angle = try Restraint(parsing: "O1-Ti1-O1=90:20")
        let bond = Restraint(.distance("Ti1", "O1"), target: length, sigma: 0.05)
        let held = try Self.fit([bond, angle])
        #expect(held.restraints.map(\.values.count).allSatisfy { $0 > 0 })
        for name in ["a", "c", "O1.x"] {
            let (a, b) = (
                free.refined.first { $0.parameter.name == name },
                held.refined.first { $0.parameter.name == name }
            )
            let (first, second) = (try #require(a?.uncertainty), try #require(b?.uncertainty))
            #expect(second <= 1.05 * first, "\(name)")
            #expect(
                abs((a?.parameter.value ?? 0) - (b?.parameter.value ?? 1)) < 3 * first + 0.01, "\(name)")
        }
    }

    @Test("equal displacements are equal as nearly as they are said to be")
    func equalDisplacements() throws {
        let held = try Self.fit([try Restraint(parsing: "Ti1.B=O1.B:0.0001")])
        #expect(abs((held.model["Ti1.B"] ?? 0) - (held.model["O1.B"] ?? 1)) < 1e-3)
    }

    @Test("the valence of titanium between oxygen is near 4, and can be held")
    func valence() throws {
        let held = try Self.fit([try Restraint(parsing: "valence(Ti1)=4:10")])
        let value = try #require(held.restraints.first?.values.first)
        #expect((3.5...4.5).contains(value), "\(value)")
    }

    @Test("labels and parameters that are none, and bonds that are nowhere, are refused")
    func nothing() throws {
        for text in ["Xe-O=2:0.1", "O9.B=O1.B:0.1", "Ti1-O1=0.5:0.1", "valence(Q)=2:0.1", "O1-Ti1-O1=10:1"] {
            let restraint = try Restraint(parsing: text)
            #expect(throws: RestraintError.self, "\(text)") { try Self.fit([restraint]) }
        }
    }

    @Test("a parameter that is none is refused with those of its kind")
    func unknownParameter() throws {
        let restraint = try Restraint(parsing: "o1.b=Ti1.B:0.1")
        let error = try #require(throws: RestraintError.self) { try Self.fit([restraint]) }
        #expect(error.description.hasSuffix("there are Ti1.B, O1.B"), "\(error)")
    }

    @Test("Durbin and Watson's number: 2 of noise, 0 of a constant, 4 of what alternates")
    func durbinWatson() {
        var random = RandomStream(seed: 3)
        let noise = SerialCorrelation(residuals: (0..<4000).map { _ in random.normal() })
        #expect(abs(noise.durbinWatson - 2) < 0.1)
        #expect(SerialCorrelation(residuals: [1.0, 1, 1, 1]).durbinWatson == 0)
        let alternating = SerialCorrelation(residuals: (0..<1000).map { $0 % 2 == 0 ? 1.0 : -1 })
        #expect(abs(alternating.durbinWatson - 4) < 0.01)
    }
}
