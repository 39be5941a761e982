import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

enum LandscapeFixture {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let paper = repository.appendingPathComponent("../shared/data/landscape-paper").standardizedFileURL
    static let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil

    static func reduced(_ file: URL) throws -> ReducedStructure {
        let structure = try CrystalFile.readFirst(file.path).structure
        let found = try SymmetryFinder.find(in: structure, tolerance: 0.1)
        let standard = try SymmetryFinder.standardize(structure, found)
        return try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
    }

    static func example(_ name: String) throws -> ReducedStructure {
        try reduced(repository.appendingPathComponent("Data/structures/\(name).cif"))
    }

    /// Structures of the repository, and the paper's where they are at hand.
    static func structures() throws -> [ReducedStructure] {
        var files = ["pbso4", "fluorapatite"].map {
            repository.appendingPathComponent("Data/structures/\($0).cif")
        }
        let others = (try? FileManager.default.contentsOfDirectory(atPath: paper.path)) ?? []
        files += others.filter { $0.hasSuffix(".cif") }.sorted().map { paper.appendingPathComponent($0) }
        return try files.map(reduced)
    }

    static func objective(
        _ structure: ReducedStructure, _ measure: SimilarityMeasure = .cosine, fwhm: Double? = nil,
        step: Double = 0.04, to last: Double = 90
    ) -> LandscapeObjective {
        LandscapeObjective(
            pattern: .init(
                measure, model: .landscapePaper(structure, fwhm: fwhm),
                twoTheta: Array(stride(from: 0, through: last, by: step))))
    }
}

@Suite("Scans along axes")
struct AxisScanTests {
    /// Two atoms at ±(x, 0.1, 0.2) in P -1 and a range of 2θ that holds (1 0 0) alone: F = 2f cos 2πx up to the
    /// fixed phase of h = 1, so that the pattern is cos² 2πx times one peak.
    static func pair(_ x: Double, a: Double) throws -> ReducedStructure {
        let group = try #require(SpaceGroup(hallNumber: 2))
        let iron = try #require(Element(symbol: "Fe"))
        func site(_ sign: Double) -> Site {
            Site(iron, at: SIMD3(sign * x, sign * 0.1, sign * 0.2), label: "Fe1")
        }
        let structure = CrystalStructure(
            title: "pair", lattice: Lattice(a: a, b: 2.9, c: 3.0, alpha: 90, beta: 90, gamma: 90),
            sites: [site(1), site(-1)])
        return try ReducedStructure(reducing: structure, in: group)
    }

    @Test(
        "1,000 pairs of atoms: the stationary points of (cos² 2πx − cos² 2πx₀)² solved by hand, all and no other"
    )
    func byHand() throws {
        var right = 0
        for number in 0..<1000 {
            var random = RandomStream(seed: 3, index: UInt64(number))
            // Away from the places where solutions fall together.
            let truth = random.uniform(0.02, 0.23)
            let structure = try Self.pair(truth, a: random.uniform(4.2, 6))
            let a = structure.lattice.lengths.x
            let peak = 2 * asin(1.5406 / (2 * a)) * 180 / .pi
            let objective = LandscapeObjective(
                pattern: .init(
                    .meanSquaredError, model: .landscapePaper(structure, fwhm: 0.1),
                    twoTheta: Array(stride(from: peak - 0.5, through: peak + 0.5, by: 0.02))))
            let axis = try LandscapeAxis(structure, along: "Fe1.x", endsAtCollisions: false)
            let scan = try AxisScan.scan(objective, along: axis)
            guard case .exact = scan.certificate else { continue }
            // x ≡ ±x₀ are minima, 0 and ¼ maxima, modulo ½; −x is the same crystal.
            let start = structure.parameters.first { $0.name == "Fe1.x" }?.value ?? .nan
            func isPlace(_ x: Double, _ places: [Double]) -> Bool {
                places.contains { abs(((x - $0) * 2).rounded() - (x - $0) * 2) < 1e-6 }
            }
            let minima = scan.minima.map(\.position)
            let maxima = scan.maxima.map(\.position)
            if axis.period == 0.5, minima.count == 2, maxima.count == 2,
                minima.allSatisfy({ isPlace($0, [start, -start]) }),
                maxima.allSatisfy({ isPlace($0, [0, 0.25]) }), scan.distinctMinima.count == 1,
                scan.verdict == .singleFunnel
            {
                right += 1
            }
        }
        #expect(right == 1000)
    }

    @Test("the gradient of the evaluator is that of differences")
    func gradient() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let names = ["a", "c", "Pb1.x", "O3.z"]
        for measure in [SimilarityMeasure.cosine, .spectralEntropy, .meanSquaredError, .pearson] {
            let evaluator = try LandscapeFixture.objective(structure, measure).evaluator(
                structure, free: names)
            let p = zip(evaluator.truth, [0.05, -0.04, 0.01, 0.02]).map(+)
            let at = evaluator.evaluate(p)
            for k in names.indices {
                let h = 1e-5
                func value(_ shift: Double) -> Double {
                    var moved = p
                    moved[k] += shift
                    return evaluator.evaluate(moved, gradient: false).value
                }
                let difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
                let size = at.gradient.map { abs($0) }.max() ?? 1
                #expect(abs(difference - at.gradient[k]) < 1e-5 * size, "\(measure.name) \(names[k])")
            }
        }
    }

    @Test("values that the normalizer calls the same crystal have the same value of the objective")
    func equivalence() throws {
        for structure in try LandscapeFixture.structures() {
            let coordinates = structure.parameters.filter { $0.unit.isEmpty }
            for parameter in LandscapeFixture.everything ? coordinates : Array(coordinates.prefix(4)) {
                let axis = try LandscapeAxis(structure, along: parameter.name)
                let evaluator = try LandscapeFixture.objective(structure).evaluator(
                    axis.structure, free: [parameter.name])
                for map in axis.equivalence.maps {
                    for u in [0.137, 0.411] {
                        let (here, there) = (evaluator.evaluate([u]), evaluator.evaluate([map(u)]))
                        #expect(
                            abs(here.value - there.value) < 1e-9,
                            "\(structure.title) \(parameter.name) \(map)")
                    }
                }
            }
        }
    }

    @Test(
        "polar groups: the mirror image is one crystal wherever the origin lies, and its minimum counts once",
        arguments: [0.0, 0.13, 0.37])
    func polar(origin: Double) throws {
        // Wurtzite: Zn at z₀ holds the origin; S at z₀ + u and z₀ − u are mirror images.
        let (zinc, sulfur) = (try #require(Element(symbol: "Zn")), try #require(Element(symbol: "S")))
        let lattice = Lattice(a: 3.82, b: 3.82, c: 6.26, alpha: 90, beta: 90, gamma: 120)
        func pair(_ element: Element, _ z: Double) -> [Site] {
            [
                Site(element, at: SIMD3(1.0 / 3, 2.0 / 3, z), label: element.symbol),
                Site(element, at: SIMD3(2.0 / 3, 1.0 / 3, z + 0.5), label: element.symbol),
            ]
        }
        let crystal = CrystalStructure(
            title: "wurtzite", lattice: lattice, sites: pair(zinc, origin) + pair(sulfur, origin + 0.37))
        let group = try SymmetryFinder.find(in: crystal, tolerance: 1e-3).spaceGroup
        #expect(group.number == 186)
        let structure = try ReducedStructure(reducing: crystal, in: group)
        let name = try #require(structure.parameters.first { $0.unit.isEmpty }?.name)
        let axis = try LandscapeAxis(structure, along: name, endsAtCollisions: false)
        let value = axis.parameter.value
        #expect(axis.equivalence.maps.contains { $0.sign == -1 })
        let fixed = structure.orbits.map(\.position.z).first { abs($0 - value) > 1e-6 } ?? .nan
        #expect(axis.isSame(value, 2 * fixed - value))
        let evaluator = try LandscapeFixture.objective(structure).evaluator(structure, free: [name])
        for map in axis.equivalence.maps {
            for u in [0.137, 0.411] {
                #expect(abs(evaluator.evaluate([u]).value - evaluator.evaluate([map(u)]).value) < 1e-9)
            }
        }
        let scan = try AxisScan.scan(LandscapeFixture.objective(structure), along: axis)
        #expect(scan.distinctMinima.count { $0.value < 1e-6 } == 1)
        #expect(scan.minima.contains { $0.isTruth })
    }

    @Test("an exact scan's curve is the objective, and its minima have no slope")
    func curve() throws {
        let structure = try LandscapeFixture.example("pbso4")
        for measure in [
            SimilarityMeasure.cosine, .meanSquaredError, .pearson, .weightedProfileR, .squaredCDF,
            .crossCorrelation(halfWidth: 0.6),
        ] {
            let objective = LandscapeFixture.objective(structure, measure)
            for name in ["Pb1.x", "O3.y"] {
                let scan = try AxisScan.scan(objective, along: LandscapeAxis(structure, along: name))
                guard case .exact = scan.certificate else {
                    Issue.record("\(measure.name) \(name) is not exact")
                    continue
                }
                let evaluator = try objective.evaluator(structure, free: [name])
                let size = scan.highest - scan.lowest
                for sample in stride(from: 0, to: scan.samples.count, by: 41).map({ scan.samples[$0] }) {
                    let direct = evaluator.evaluate([sample.position])
                    // The root of a square that is zero but for rounding.
                    let floor = measure == .weightedProfileR ? 1e-5 : 1e-9
                    #expect(abs(direct.value - sample.value) < floor * size)
                    if sample.value > 0.01 * size {
                        #expect(abs(direct.gradient[0] - sample.slope) < 1e-6 * scan.largestSlope)
                    }
                }
                for minimum in scan.minima where !minimum.isTruth {
                    let slope = evaluator.evaluate([minimum.position]).gradient[0]
                    #expect(abs(slope) < 1e-7 * scan.largestSlope, "\(measure.name) \(name)")
                }
            }
        }
    }

    @Test("twice the resolution finds no further minimum (2 axes a structure; all under WYCKOFF_LAWS)")
    func doubling() throws {
        var (axes, failures) = (0, [String]())
        for structure in try LandscapeFixture.structures() {
            let objective = LandscapeFixture.objective(structure)
            let parameters = structure.parameters
            let chosen =
                LandscapeFixture.everything
                ? parameters : [parameters.first, parameters.last].compactMap(\.self)
            for parameter in chosen {
                let axis = try LandscapeAxis(structure, along: parameter.name)
                let scan = try AxisScan.scan(objective, along: axis, crossings: false)
                let finer = try scan.atTwiceTheResolution(of: objective)
                axes += 1
                if !finer.hasSamePoints(as: scan) {
                    failures.append(
                        "\(structure.title) \(parameter.name): \(scan.minima.count) minima, then \(finer.minima.count)"
                    )
                }
            }
        }
        #expect(failures.isEmpty, "\(failures) of \(axes) axes")
    }

    @Test("a step that skips whole peaks is refused, and the error names the step that is needed")
    func tooCoarse() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let objective = LandscapeFixture.objective(structure)
        let axis = try LandscapeAxis(structure, along: "a")
        #expect(throws: CertifiedScan.Failure.self) {
            _ = try AxisScan.scan(objective, along: axis, step: 0.2)
        }
    }

    @Test(
        "descent in steps of at most 1/Lipschitz ends at the truth from inside the basin, elsewhere from outside"
    )
    func basin() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let objective = LandscapeFixture.objective(structure)
        for name in ["b", "Pb1.x"] {
            let scan = try AxisScan.scan(objective, along: LandscapeAxis(structure, along: name))
            let basin = try #require(scan.basin)
            let evaluator = try objective.evaluator(structure, free: [name])
            let truth = evaluator.truth[0]
            let width = basin.upperBound - basin.lowerBound
            func end(_ start: Double) -> Double {
                var x = start
                for _ in 0..<4000 {
                    let step = evaluator.evaluate([x]).gradient[0] / (1.1 * scan.largestCurvature)
                    x -= step
                    if abs(step) < 1e-8 * width { break }
                }
                return x
            }
            for start in [basin.lowerBound + 0.02 * width, basin.upperBound - 0.02 * width] {
                #expect(abs(end(start) - truth) < 1e-3 * width, "\(name) from \(start)")
            }
            for start in [basin.lowerBound - 0.02 * width, basin.upperBound + 0.02 * width] {
                #expect(abs(end(start) - truth) > 0.1 * width, "\(name) from \(start)")
            }
        }
    }

    @Test("false minima along a length stand where peaks cross; along a coordinate no peak moves")
    func crossings() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let objective = LandscapeFixture.objective(structure)
        let lengths = try AxisScan.scan(objective, along: LandscapeAxis(structure, along: "b"))
        #expect(!lengths.falseMinima.isEmpty)
        #expect(lengths.falseMinima.contains { !$0.crossings.isEmpty })
        #expect(lengths.falseMinima.flatMap(\.crossings).allSatisfy { $0.calculated != $0.target })
        let coordinate = try AxisScan.scan(objective, along: LandscapeAxis(structure, along: "Pb1.x"))
        #expect(coordinate.falseMinima.allSatisfy { $0.crossings.isEmpty })
    }
}

@Suite("Hessian at the truth")
struct HessianSpectrumTests {
    @Test("no curvature is negative at the truth; the spectrum's trace is that of the axes' curvatures")
    func spectrum() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let objective = LandscapeFixture.objective(structure)
        let spectrum = try HessianSpectrum.spectrum(objective, of: structure)
        #expect(spectrum.modes.count == structure.parameters.count)
        let stiffest = try #require(spectrum.modes.first).eigenvalue
        #expect(spectrum.modes.allSatisfy { $0.eigenvalue > -1e-6 * stiffest })
        let trace = spectrum.modes.reduce(0) { $0 + $1.eigenvalue }
        var sum = 0.0
        for parameter in structure.parameters {
            let scan = try AxisScan.scan(
                objective, along: LandscapeAxis(structure, along: parameter.name), crossings: false)
            sum += (scan.truthMinimum?.curvature ?? .nan) * parameter.scale * parameter.scale
        }
        #expect(abs(sum - trace) < 1e-3 * trace)
    }
}
