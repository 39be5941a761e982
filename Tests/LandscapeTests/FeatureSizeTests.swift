import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite struct FeatureSizeTests {
    private func salt(_ a: Double = 5.64) throws -> ReducedStructure {
        try ReducedStructure(
            spaceGroup: SpaceGroup.find("225"),
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Na")), at: .zero, label: "Na1"),
                Site(try #require(Element(symbol: "Cl")), at: SIMD3(repeating: 0.5), label: "Cl1"),
            ])
    }

    /// No peak moves by more than a quarter of its width in a step, the fastest by nearly that.
    @Test(arguments: [0.1, 0.3])
    func theFastestPeakMovesByAQuarterOfItsWidth(fwhm: Double) throws {
        let structure = try salt()
        let objective = LandscapeFixture.objective(structure, fwhm: fwhm)
        let axis = try LandscapeAxis(structure, along: "a", range: 5...6.2)
        let evaluator = try objective.evaluator(structure, free: ["a"])
        let size = FeatureSize(objective, axis: axis, evaluator: evaluator)
        var largest = 0.0
        for a in stride(from: 5.0, through: 6.2, by: 0.05) {
            for h in 1...8 {
                func angle(_ a: Double) -> Double? {
                    let sine = 1.5406 * Double(h * h).squareRoot() / (2 * a)
                    return sine < 1 ? 2 * asin(sine) * 180 / .pi : nil
                }
                guard let here = angle(a), let there = angle(a + size.step), here < 90, there < 90 else {
                    continue
                }
                largest = max(largest, abs(there - here) / fwhm)
            }
        }
        #expect(largest < 0.25 * 1.1 && size.step < size.coarsest)
        #expect(size.step < 1.2 / 32 + 1e-12)
    }

    /// A coordinate's intensities are trigonometric polynomials of the degree stated: so many samples tell all the rest.
    @Test func intensitiesAlongACoordinateHaveTheirDegree() throws {
        let structure = try rutile()
        let grid = stride(from: 10.0, through: 70, by: 0.1).map { $0 }
        let calculation = try PowderCalculation(.landscapePaper(structure), twoTheta: grid, free: ["O1.x"])
        let degree = try #require(
            IntensityPolynomial.degree(of: "O1.x", in: structure, reflections: calculation.reflections))
        #expect(degree > 0)
        #expect(
            IntensityPolynomial.degree(of: "a", in: structure, reflections: calculation.reflections) == nil)
        let count = 2 * degree + 1
        func pattern(_ u: Double) -> [Double] {
            calculation.values = [u]
            return calculation.calculated
        }
        let samples = (0..<count).map { pattern(Double($0) / Double(count)) }
        let highest = samples.flatMap { $0 }.max() ?? 1
        let probe = pattern(0.3137)
        for point in stride(from: 0, to: grid.count, by: 37) {
            let polynomial = TrigonometricPolynomial(samples: samples.map { $0[point] })
            #expect(abs(polynomial.value(at: 0.3137) - probe[point]) < 1e-8 * highest)
        }
    }

    /// The polynomial form of an objective is the objective.
    @Test(arguments: [
        SimilarityMeasure.cosine, .meanSquaredError, .pearson, .weightedProfileR, .squaredCDF,
        .crossCorrelation(halfWidth: 0.6),
    ])
    func polynomialObjectivesAreTheObjective(measure: SimilarityMeasure) throws {
        let structure = try rutile()
        let objective = LandscapeFixture.objective(structure, measure, step: 0.1, to: 60)
        let axis = try LandscapeAxis(structure, along: "O1.x")
        let evaluator = try objective.evaluator(structure, free: ["O1.x"])
        let polynomial = try #require(PolynomialObjective(objective, axis: axis, evaluator: evaluator))
        for u in [0.011, 0.12, 0.251, 0.3, 0.47] {
            let (exact, fast) = (evaluator.evaluate([u]), polynomial.evaluate(u))
            #expect(abs(exact.value - fast.value) < 1e-7, "\(u)")
            #expect(abs(exact.gradient[0] - fast.slope) < 1e-5 * max(1, abs(fast.slope)), "\(u)")
            let sign = polynomial.sign.value(at: u)
            #expect(sign * fast.slope > 0 || abs(fast.slope) < 1e-6)
        }
    }

    /// At a′ = a/√2 the peak 2 0 0 stands where 2 2 0 belongs: sin θ = λ/a′ = λ√8/(2a).
    @Test func aPeakThatStandsOnAnotherIsNamed() throws {
        let structure = try salt()
        let objective = LandscapeFixture.objective(structure)
        let axis = try LandscapeAxis(structure, along: "a", range: 3.5...6.2)
        let evaluator = try objective.evaluator(structure, free: ["a"])
        let crossings = PeakCrossing.list(at: 5.64 / 2.0.squareRoot(), axis, evaluator)
        let found = crossings.contains { crossing in
            func sum(_ h: SIMD3<Int>) -> Int { (h &* h).wrappedSum() }
            return sum(crossing.calculated) == 4 && sum(crossing.target) == 8
        }
        #expect(found && crossings.count <= 3)
        #expect(crossings.map(\.share) == crossings.map(\.share).sorted(by: >))
        let target = try #require(crossings.first { ($0.target &* $0.target).wrappedSum() == 8 })
        let angle = 2 * asin(1.5406 * 8.0.squareRoot() / (2 * 5.64)) * 180 / .pi
        #expect(abs(target.twoTheta - angle) < 1e-6)
        // At the truth every peak stands where it belongs.
        #expect(PeakCrossing.list(at: 5.64, axis, evaluator).allSatisfy { $0.share < 0.05 })
    }

    /// Half the sum of the covalent radii, or nine tenths of what the truth has where that is tighter.
    @Test func contactsEndWhereAtomsCollide() throws {
        let truth = try salt()
        let limit = ContactLimit(of: truth)
        let share = Contacts(truth).shortestShare
        func cell(_ share: Double, of full: Double) throws -> ReducedStructure {
            try salt(5.64 * share / full)
        }
        #expect(limit.allows(truth))
        let (above, below) = (try cell(0.501, of: share), try cell(0.499, of: share))
        #expect(limit.allows(above) && !limit.allows(below))
        let tight = try salt(5.64 * 0.52 / share)
        let own = ContactLimit(of: tight)
        let (wider, closer) = (try cell(0.469, of: share), try cell(0.467, of: share))
        #expect(own.allows(wider) && !own.allows(closer))
    }
}
