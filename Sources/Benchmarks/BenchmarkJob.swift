import CPeakRate
import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Matching
import NumericalMethods

/// What is timed. Preparing is outside of the time unless the name says `prepare` or `cif`.
enum BenchmarkJob: String, CaseIterable {
    /// |F|² of every reflection after every atom has moved.
    case factors
    /// The same after the cell has moved too: form factors afresh.
    case factorsAfterCell = "factors-cell"
    /// |F|² and the gradient with respect to all positions.
    case factorsGradient = "factors-gradient"
    /// The profile after every parameter of the model has moved.
    case profile
    /// The same with the gradient with respect to every parameter of the model.
    case profileGradient = "profile-gradient"
    /// The normal equations of least squares in every parameter, the profile's Jacobian in them.
    case normalEquations = "normal-equations"
    /// The profile after one atom has moved.
    case profileAtom = "profile-atom"
    /// Reflections, model and buffers made anew, then profile and gradient.
    case prepareProfileGradient = "prepare-profile-gradient"
    /// From the CIF's file to positions and intensities.
    case cifSticks = "cif-sticks"
    /// One atom moved, ⟨|F|²⟩ up to sinθ/λ ≤ 0.3 and a criterion on integrated intensities.
    case trial
    /// Whether the structure matches a copy of itself, moved: the verdict.
    case match
    /// The same with the least rms displacement.
    case matchDistance = "match-rms"
    /// Whether the two structures of a file match; the remark says which.
    case matchPair = "match-pair"
    /// One step of a design: three models, value and gradient in elements, cell and coordinates. The file is the size
    /// of the perovskite's supercell: 1 (5 atoms) or 3 (135 atoms).
    case designStep = "design-step"
    /// The same in double precision.
    case designStepDouble = "design-step-double"
    /// The same in the cubic orbits of the five-atom cell.
    case designStepOrbits = "design-step-orbits"
    /// The machine's multiply-add rate; the file is not read.
    case peakRate = "peak-rate"

    func prepare(file: String, threads: Int) throws -> PreparedBenchmark {
        switch self {
        case .factors, .factorsAfterCell, .factorsGradient: return try prepareFactors(file, threads)
        case .profile, .profileGradient, .profileAtom, .normalEquations:
            return try prepareProfile(file, threads)
        case .prepareProfileGradient:
            let model = try BenchmarkedStructure(file: file).model()
            let cotangent = [Double](repeating: 1, count: BenchmarkedStructure.twoTheta.count)
            let names = model.parameters.map(\.name)
            return PreparedBenchmark {
                // The first one outside of what is timed has thrown where it cannot be made.
                guard
                    let calculation = try? PowderCalculation(
                        model, twoTheta: BenchmarkedStructure.twoTheta, free: names)
                else { return }
                keep(calculation.withCalculated { $0[0] } + calculation.gradient(of: cotangent)[0])
            }
        case .cifSticks:
            let sticks = try Self.sticks(file)
            // Those of the line above, which has thrown where there are none.
            return PreparedBenchmark(
                call: { keep((try? Self.sticks(file))?.first?.intensity ?? 0) },
                remark: { _ in "\(sticks.count) reflections" })
        case .trial: return try prepareTrial(file)
        case .match, .matchDistance: return try prepareMatch(file)
        case .matchPair: return try Self.preparePair(file)
        case .designStep, .designStepDouble, .designStepOrbits:
            return try DesignStep(
                supercell: file, precision: self == .designStepDouble ? .double : .single,
                isFree: self != .designStepOrbits
            ).prepared
        case .peakRate:
            var sink = 0.0
            let operations = wyckoff_multiply_add_loop(1, &sink)
            let wide = wyckoff_multiply_add_loop_wide(1, &sink)
            return PreparedBenchmark(
                call: { keep(wyckoff_multiply_add_loop(100_000, &sink) + sink) },
                remark: { time in
                    let narrow = operations * 1e5 / (time.least * 1e6)
                    let other = Stopwatch.time(seconds: 0.2) {
                        keep(wyckoff_multiply_add_loop_wide(100_000, &sink) + sink)
                    }
                    return String(
                        format: "%.1f GFLOP/s on 4 doubles, %.1f on 8", narrow,
                        wide * 1e5 / (other.least * 1e6))
                })
        }
    }

    /// Every atom moved by 0.03 Å, volume times 1.01, another origin: reduction to the primitive cells is timed too.
    private func prepareMatch(_ file: String) throws -> PreparedBenchmark {
        let first = try CrystalFile.readFirst(file).structure
        var second = first
        second.lattice = Lattice(vectors: cbrt(1.01) * first.lattice.vectors)
        var stream = RandomStream(seed: 0)
        for index in second.sites.indices {
            let way = SIMD3(stream.normal(), stream.normal(), stream.normal())
            let move = second.lattice.fractional(0.03 / way.length * way)
            second.sites[index].position += SIMD3(0.13, 0.27, 0.41) + move
        }
        let (a, b) = (first, second)
        guard StructureMatch.isMatch(a, b) else { throw BenchmarkError("the pair does not match") }
        if self == .match { return PreparedBenchmark { keep(StructureMatch.isMatch(a, b) ? 1 : 0) } }
        return PreparedBenchmark { keep(StructureMatch.find(a, b)?.normalizedRMS ?? 0) }
    }

    /// The reduction to the primitive cells is timed too.
    private static func preparePair(_ file: String) throws -> PreparedBenchmark {
        let structures = try CrystalFile.read(file).map(\.structure)
        guard structures.count == 2 else { throw BenchmarkError("the file does not hold two structures") }
        let (a, b) = (structures[0], structures[1])
        // As `wyckoff validate --unique` asks: the larger primitive cell holds what the two have in common.
        func isMatch() -> Bool {
            var tolerances = MatchTolerances()
            let undivided = tolerances.search.undivided
            tolerances.search.mostAtoms =
                [a, b].map { $0.primitive(tolerance: undivided).sites.count }.max() ?? 0
            return StructureMatch.isMatch(a, b, tolerances: tolerances)
        }
        let verdict = isMatch() ? "match" : "no match"
        return PreparedBenchmark(call: { keep(isMatch() ? 1 : 0) }, remark: { _ in verdict })
    }

    private func prepareFactors(_ file: String, _ threads: Int) throws -> PreparedBenchmark {
        let structure = try BenchmarkedStructure(file: file)
        let factors = try structure.factors(threads: threads)
        let start = structure.orbits.map(\.position)
        let metric = structure.lattice.reciprocalMetric
        let count = factors.reflections.count
        let cotangent = [Double](repeating: 1, count: count)
        var byQ = [Double](repeating: 0, count: count)
        var gradient = StructureFactorGradient(of: factors)
        var phase = 0.0
        let operations = factors.operationCount
        return PreparedBenchmark(
            call: {
                phase = phase == 0 ? 1e-4 : 0
                if self == .factorsAfterCell { factors.setReciprocalMetric((1 + phase) * metric) }
                for (index, position) in start.enumerated() {
                    factors.setPosition(position + phase, of: index)
                }
                keep(factors.intensitiesInPlace[0])
                guard self == .factorsGradient else { return }
                factors.reverse(cotangent: cotangent, into: &gradient, qGradient: &byQ)
                keep(gradient.positions[0].x)
            },
            remark: { time in
                String(
                    format: "%d atoms, %d reflections, %.2f GFLOP/s", structure.record.structure.sites.count,
                    count, operations / (time.least * 1e6))
            })
    }

    private func prepareProfile(_ file: String, _ threads: Int) throws -> PreparedBenchmark {
        let model = try BenchmarkedStructure(file: file).model()
        let names = model.parameters.map(\.name)
        let calculation = try PowderCalculation(
            model, twoTheta: BenchmarkedStructure.twoTheta, free: names, threads: threads)
        let cotangent = [Double](repeating: 1, count: calculation.twoTheta.count)
        let start = calculation.values
        let coordinate = names.firstIndex {
            $0.hasSuffix(".x") || $0.hasSuffix(".y") || $0.hasSuffix(".z")
        }
        var gradient = start
        var normal = NormalEquations(parameterCount: self == .normalEquations ? names.count : 0)
        var sign = 1.0
        return PreparedBenchmark(
            call: {
                sign = -sign
                var values = start
                if self == .profileAtom {
                    // Where no atom is free, an occupancy makes the same work.
                    values[coordinate ?? names.count - 1] += 1e-4 * sign
                } else {
                    for k in values.indices { values[k] += 1e-5 * sign }
                }
                calculation.values = values
                keep(calculation.withCalculated { $0[0] })
                if self == .profileGradient {
                    calculation.gradient(of: cotangent, into: &gradient)
                    keep(gradient[0])
                }
                if self == .normalEquations {
                    calculation.normalEquations(observed: cotangent, weights: cotangent, into: &normal)
                    keep(normal.gradient[0])
                }
            }, remark: { _ in "\(names.count) parameters" })
    }

    private func prepareTrial(_ file: String) throws -> PreparedBenchmark {
        let structure = try BenchmarkedStructure(file: file)
        let moving = try IntegratedIntensities(
            orbits: structure.orbits, operations: structure.operations,
            reciprocalMetric: structure.lattice.reciprocalMetric, limit: 0.09)
        let observed = Array(moving.values)
        let multiplicities = moving.reflections.multiplicities.map(Double.init)
        let start = structure.orbits.map(\.position)
        var random = RandomStream(seed: 1)
        var best = Double.infinity
        return PreparedBenchmark(
            call: {
                let orbit = random.index(below: start.count)
                let step = SIMD3(
                    random.uniform(-0.1, 0.1), random.uniform(-0.1, 0.1), random.uniform(-0.1, 0.1))
                moving.move(orbit, to: start[orbit] + step)
                // R on integrated intensities with the best scale.
                var (cross, square, total) = (0.0, 0.0, 0.0)
                let values = moving.valuesInPlace
                for i in observed.indices {
                    let (o, c) = (multiplicities[i] * observed[i], multiplicities[i] * values[i])
                    cross += o * c
                    square += c * c
                    total += o * o
                }
                let criterion = total - cross * cross / square
                if criterion < best { best = criterion } else { moving.revert() }
            },
            remark: { time in
                String(format: "%.0f trials/s, %d reflections", 1e3 / time.median, observed.count)
            })
    }

    private static func sticks(_ file: String) throws -> [(twoTheta: Double, intensity: Double)] {
        let structure = try BenchmarkedStructure(file: file)
        let factors = try structure.factors()
        let instrument = Instrument(radiation: Radiation(wavelength: BenchmarkedStructure.wavelength))
        let metric = structure.lattice.reciprocalMetric
        let squares = factors.intensitiesInPlace
        return factors.reflections.indices.indices.map { h in
            let q = ReflectionList.q(of: factors.reflections.indices[h], reciprocalMetric: metric)
            let theta = asin(min(q.squareRoot() * BenchmarkedStructure.wavelength, 1))
            let weight = Double(factors.reflections.multiplicities[h])
            return (
                theta * 360 / .pi, weight * squares[h] * instrument.lorentzPolarization(theta: theta).value
            )
        }
    }
}

/// What the optimiser must not drop.
@inline(never) func keep(_ value: Double) {
    if value == .infinity { print("") }
}
