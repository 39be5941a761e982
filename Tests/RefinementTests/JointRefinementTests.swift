import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Refinement
import Symmetry
import Testing

@Suite("Joint refinement")
struct JointRefinementTests {
    /// Rutile with Poisson noise, as X-rays and as neutrons of a wavelength 0.1 % longer than assumed see it.
    private static func sample(stretch: Double = 1.001) throws -> (
        truth: ReducedStructure, parts: [JointRefinement.Part]
    ) {
        let (truth, pattern, instrument) = try PawleyFitTests.rutile(a: 4.594, c: 2.959)
        var random = RandomStream(seed: 3)
        var start = truth
        start.parameterVector = [4.596, 2.9575, 0.302]
        var parts: [JointRefinement.Part] = []
        for (number, probe) in [Radiation.Probe.xray, .neutron].enumerated() {
            let wavelength = probe == .xray ? instrument.radiation.lines[0].wavelength : 1.6
            var own = instrument
            own.radiation = Radiation(probe, wavelength: wavelength * (probe == .xray ? 1 : stretch))
            if probe == .neutron { own.polarization = 0 }
            var model = PowderModel(phases: [.init(truth)], instrument: own)
            let clean = try PowderCalculation(model, twoTheta: pattern.twoTheta).calculated
            let level = 5000 / (clean.max() ?? 1)
            let noisy = clean.map { y in
                let mean = level * y + 80
                return max(0, (mean + mean.squareRoot() * random.normal()).rounded())
            }
            own.radiation = Radiation(probe, wavelength: wavelength)
            model = PowderModel(phases: [.init(start, scale: level)], instrument: own, background: [80])
            let measured = PowderPattern(twoTheta: pattern.twoTheta, intensity: noisy)
            parts.append(
                JointRefinement.Part(
                    name: "pattern\(number + 1)", model: model, pattern: measured,
                    weights: measured.weights()))
        }
        return (truth, parts)
    }

    private static func equations(_ parts: [JointRefinement.Part], _ free: [String], at x: [Double]) throws
        -> NormalEquations
    {
        var equations = NormalEquations(parameterCount: free.count)
        try JointMisfit(parts, free: free).normalEquations(at: x, into: &equations)
        return equations
    }

    @Test("normal equations and gradient of common parameters are the sums of the patterns'")
    func sums() throws {
        let parts = try Self.sample().parts
        let common = ["a", "c", "O1.x", "Ti1.B", "O.B"]
        let x = [4.595, 2.958, 0.303, 0.2, 0.1]
        let whole = try Self.equations(parts, common, at: x)
        var sum = NormalEquations(parameterCount: common.count)
        for part in parts {
            let calculation = try PowderCalculation(
                part.model, twoTheta: part.pattern.twoTheta, free: common)
            calculation.values = x
            var own = NormalEquations(parameterCount: common.count)
            calculation.normalEquations(
                observed: part.pattern.intensity, weights: part.weights, into: &own)
            sum.chiSquared += own.chiSquared
            for i in own.gradient.indices { sum.gradient[i] += own.gradient[i] }
            for i in own.matrix.elements.indices { sum.matrix.elements[i] += own.matrix.elements[i] }
        }
        #expect(abs(whole.chiSquared - sum.chiSquared) <= 1e-12 * sum.chiSquared)
        for (a, b) in zip(whole.gradient, sum.gradient) { #expect(abs(a - b) <= 1e-12 * abs(b)) }
        for (a, b) in zip(whole.matrix.elements, sum.matrix.elements) {
            #expect(abs(a - b) <= 1e-12 * abs(b) + 1e-300)
        }
    }

    @Test("the gradient is that of χ², wavelengths and parameters of one pattern included")
    func gradient() throws {
        let parts = try Self.sample().parts
        let free = [
            "a", "c", "O1.x", "O.B", "pattern1.zero", "pattern2.zero", "pattern2.wavelength", "pattern2.W",
            "pattern1.scale", "pattern2.background.0",
        ]
        let misfit = try JointMisfit(parts, free: free)
        var x = misfit.values
        x[6] *= 1.0004
        var equations = NormalEquations(parameterCount: free.count)
        misfit.normalEquations(at: x, into: &equations)
        #expect(abs(misfit.chiSquared(at: x) - equations.chiSquared) <= 1e-10 * equations.chiSquared)
        for k in free.indices {
            let step = 1e-6 * max(abs(x[k]), 1e-2)
            func value(_ shift: Double) -> Double {
                var moved = x
                moved[k] += shift * step
                return misfit.chiSquared(at: moved)
            }
            let slope = (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * step)
            let scale = (equations.matrix[k, k] * equations.chiSquared).squareRoot()
            #expect(abs(slope - 2 * equations.gradient[k]) < 1e-4 * scale, "\(free[k])")
        }
        // Nothing of one pattern meets the other's own.
        #expect(equations.matrix[4, 5] == 0)
        #expect(equations.matrix[4, 6] == 0)
    }

    @Test("one pattern given twice leads where it leads once, its uncertainties smaller by √2")
    func twice() throws {
        let part = try Self.sample().parts[0]
        let own = ["scale", "background.0", "zero", "W", "X"]
        let common = ["a", "c", "O1.x", "Ti1.B", "O1.B"]
        var single = RietveldRefinement()
        single.bounds = ["*.B": -3...3]
        let once = try single.refine(
            part.model, pattern: part.pattern, weights: part.weights, free: own + common)
        var second = part
        second.name = "pattern2"
        var joint = JointRefinement()
        joint.bounds = single.bounds
        let both = try joint.refine(
            [part, second],
            free: ["pattern1", "pattern2"].flatMap { name in own.map { "\(name).\($0)" } } + common)
        #expect(both.converged)
        #expect(abs(both.statistics.rwp - once.statistics.rwp) < 1e-6)
        let values = Dictionary(uniqueKeysWithValues: both.refined.map { ($0.parameter.name, $0) })
        for entry in once.refined where common.contains(entry.parameter.name) {
            let other = try #require(values[entry.parameter.name])
            let (u, v) = (try #require(entry.uncertainty), try #require(other.uncertainty))
            #expect(abs(entry.parameter.value - other.parameter.value) < 0.01 * u)
            #expect(abs(u / v - 2.0.squareRoot()) < 0.02)
        }
    }

    @Test("Poisson noise: goodness of fit 1, structure and wavelength within 4.5 uncertainties of the truth")
    func truth() throws {
        let (_, parts) = try Self.sample()
        let own = ["scale", "background.0", "zero", "W", "X"]
        var joint = JointRefinement()
        joint.bounds = ["*.B": -3...3]
        let result = try joint.refine(
            parts,
            free: ["pattern1", "pattern2"].flatMap { name in own.map { "\(name).\($0)" } }
                + ["pattern2.wavelength", "a", "c", "O1.x", "Ti1.B", "O1.B"])
        #expect(abs(result.statistics.gof - 1) < 0.05)
        let values = Dictionary(uniqueKeysWithValues: result.refined.map { ($0.parameter.name, $0) })
        for (name, value) in [
            ("a", 4.594), ("c", 2.959), ("O1.x", 0.305), ("Ti1.B", 0), ("O1.B", 0),
            ("pattern2.wavelength", 1.6016),
        ] {
            let refined = try #require(values[name])
            let uncertainty = try #require(refined.uncertainty)
            #expect(abs(refined.parameter.value - value) < 4.5 * uncertainty, "\(name)")
        }
        // The models carry what was refined: both the same structure, the second its wavelength.
        #expect(
            result.parts[0].model.phases[0].structure.parameterVector
                == result.parts[1].model.phases[0].structure.parameterVector)
        let wavelength = result.parts[1].model.instrument.radiation.lines[0].wavelength
        #expect(abs(wavelength - (values["pattern2.wavelength"]?.parameter.value ?? 0)) < 1e-12)
        #expect(abs(result.parts[1].statistics.gof - 1) < 0.05)
    }

    @Test("a parameter of no pattern and a pattern's name before a common one are refused")
    func names() throws {
        let parts = try Self.sample().parts
        for name in ["zero", "pattern3.zero", "pattern1.a", "O9.x"] {
            #expect(throws: DiffractionError.self) { try JointMisfit(parts, free: [name]) }
        }
    }

    @Test("one pattern with restraints leads where it leads alone with them, and they move the structure")
    func restrained() throws {
        let part = try Self.sample().parts[0]
        let (own, common) = (
            ["scale", "background.0", "zero", "W", "X"], ["a", "c", "O1.x", "Ti1.B", "O1.B"]
        )
        var single = RietveldRefinement()
        single.bounds = ["*.B": -3...3]
        let loose = try single.refine(
            part.model, pattern: part.pattern, weights: part.weights, free: own + common)
        single.restraints = [
            Restraint(.distance("Ti1", "O1"), target: 2, sigma: 1e-4),
            Restraint(.difference("Ti1.B", "O1.B"), target: 0, sigma: 1e-4),
        ]
        let alone = try single.refine(
            part.model, pattern: part.pattern, weights: part.weights, free: own + common)
        var joint = JointRefinement()
        (joint.bounds, joint.restraints) = (single.bounds, single.restraints)
        let together = try joint.refine([part], free: own.map { "\(part.name).\($0)" } + common)
        #expect(together.restraints.map(\.values.count) == alone.restraints.map(\.values.count))
        for name in common {
            let first = alone.refined.first { $0.parameter.name == name }
            let second = together.refined.first { $0.parameter.name == name }
            let step = abs((first?.parameter.value ?? 0) - (second?.parameter.value ?? 1))
            guard let u = first?.uncertainty, let v = second?.uncertainty else {
                // At a bound, both.
                #expect(step < 1e-6 && first?.isAtBound == second?.isAtBound, "\(name)")
                continue
            }
            #expect(step < 0.05 * u && abs(u - v) < 0.01 * u, "\(name)")
        }
        let (free, held) = (loose.model["O1.x"] ?? 0, together.parts[0].model["O1.x"] ?? 0)
        #expect(abs(free - held) > 1e-4)
    }
}
