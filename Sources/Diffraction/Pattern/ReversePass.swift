import CStructureFactors
import Crystallography
import NumericalMethods

/// What the reverse pass collects, and its memory.
final class ReverseBuffers {
    struct PhaseGradient {
        var scale = 0.0
        var overallB = 0.0
        var size = 0.0
        var strain = 0.0
        var march = 0.0
        var microstrain = StrainWidths.Invariants.zero
        var microstrainShare = 0.0
        var texture = TextureFactors.Functions.zero
        var lattice: [Double]
        var structure: StructureFactorGradient
        var listing: Int
        /// ∂L/∂⟨|F|²⟩ and ∂L/∂q of each reflection.
        let intensity: DoubleBuffer
        let q: DoubleBuffer
    }

    /// Sums over some reflections of a phase.
    struct Sums {
        var (zero, displacement, transparency, absorption) = (0.0, 0.0, 0.0, 0.0)
        var axial = SIMD2<Double>.zero
        var shape = SIMD8<Double>.zero
        var (scale, overallB, march, volume) = (0.0, 0.0, 0.0, 0.0)
        var microstrain = StrainWidths.Invariants.zero
        var microstrainShare = 0.0
        var texture = TextureFactors.Functions.zero
        /// ∂L/∂G*, symmetric.
        var metric = Matrix3.zero

        static func += (a: inout Sums, b: Sums) {
            a.zero += b.zero
            a.displacement += b.displacement
            a.transparency += b.transparency
            a.absorption += b.absorption
            a.axial += b.axial
            a.shape += b.shape
            a.scale += b.scale
            a.overallB += b.overallB
            a.march += b.march
            a.microstrain += b.microstrain
            a.microstrainShare += b.microstrainShare
            a.texture += b.texture
            a.volume += b.volume
            a.metric = a.metric + b.metric
        }
    }

    /// Over all phases; of `shape` the lanes of U, V, W, P, X, Y, η.
    private(set) var total = Sums()
    private(set) var phases: [PhaseGradient] = []
    /// One for each part of the work; on pages of its own, so that threads do not write to a common cache line.
    private let parts = UnsafeMutablePointer<Sums>.allocate(capacity: WorkSplit.parts)

    init(_ phases: [PhaseCalculation]) {
        self.phases = phases.map(Self.gradient)
        parts.initialize(repeating: Sums(), count: WorkSplit.parts)
    }

    deinit { parts.deallocate() }

    private static func gradient(_ phase: PhaseCalculation) -> PhaseGradient {
        PhaseGradient(
            lattice: [Double](repeating: 0, count: phase.latticeDirections.count),
            structure: StructureFactorGradient(of: phase.factors), listing: phase.listings,
            intensity: DoubleBuffer(phase.factors.reflections.count),
            q: DoubleBuffer(phase.factors.reflections.count))
    }

    func prepare(_ calculations: [PhaseCalculation]) {
        total = Sums()
        for (index, calculation) in calculations.enumerated()
        where phases[index].listing != calculation.listings {
            phases[index] = Self.gradient(calculation)
        }
    }

    func reverse(
        _ phase: PhaseCalculation, _ index: Int, _ instrument: Instrument,
        _ grid: UnsafeBufferPointer<Double>, _ cotangent: UnsafeBufferPointer<Double>, _ tails: PeakTails?
    ) {
        let factors = phase.factors
        // Squares of the structure factors before the threads ask for them.
        let intensities = phase.intensities
        let (byIntensity, byQ) = (phases[index].intensity, phases[index].q)
        let count = intensities.count
        var sums = Sums()
        phase.split.forEach { part in
            parts[part] = Self.peakSums(
                phase, phase.split.range(part, of: count), instrument, grid, cotangent, tails, intensities,
                byIntensity: byIntensity.base, byQ: byQ.base)
        }
        for part in 0..<phase.split.parts { sums += parts[part] }
        if phase.freeIntensities == nil {
            factors.reverse(
                cotangent: byIntensity.base, into: &phases[index].structure, qGradient: byQ.base)
        } else {
            phases[index].structure.clear()
        }
        for i in 0..<count {
            let h = SIMD3<Double>(factors.reflections.indices[i])
            let hq = h * (0.25 * byQ.base[i])
            sums.metric.rows.0 += hq * h.x
            sums.metric.rows.1 += hq * h.y
            sums.metric.rows.2 += hq * h.z
        }
        let squares = phases[index].structure.reciprocalSquares
        for i in 0..<3 { sums.metric[i, i] += squares[i] }
        phases[index].scale = sums.scale
        phases[index].overallB = sums.overallB
        phases[index].size = sums.shape[4]
        phases[index].strain = sums.shape[5]
        phases[index].march = sums.march
        phases[index].microstrain = sums.microstrain
        phases[index].microstrainShare = sums.microstrainShare
        phases[index].texture = sums.texture
        phase.updateLatticeDirections()
        for k in phase.latticeDirections.indices {
            phases[index].lattice[k] =
                sums.metric.contracted(with: phase.latticeDirections[k])
                + sums.volume * phase.logVolumeDerivatives[k]
        }
        total += sums
    }

    /// From the pattern to the peaks of some reflections, on all spectral lines; writes ∂L/∂⟨|F|²⟩ and ∂L/∂q of
    /// these reflections.
    private static func peakSums(
        _ phase: PhaseCalculation, _ range: Range<Int>, _ instrument: Instrument,
        _ grid: UnsafeBufferPointer<Double>, _ cotangent: UnsafeBufferPointer<Double>, _ tails: PeakTails?,
        _ intensities: UnsafeBufferPointer<Double>, byIntensity: UnsafeMutablePointer<Double>,
        byQ: UnsafeMutablePointer<Double>
    ) -> Sums {
        let exponent = instrument.normalization == .area ? 1.0 : 0.0
        let count = intensities.count
        let scale = phase.phase.scale
        var result = Sums()
        phase.peaks.withUnsafeBufferPointer { peaks in
            for h in range {
                byIntensity[h] = 0
                byQ[h] = 0
                let squared = phase.intensity(h, intensities)
                for k in stride(from: h, to: peaks.count, by: count)
                where peaks[k].isVisible && peaks[k].last > peaks[k].first {
                    let sums = phase.reverseSums(k, instrument, grid, cotangent, tails)
                    let intensity = scale * peaks[k].factor * squared
                    let width = peaks[k].geometry.width
                    let lPosition = intensity * sums[1]
                    let lWidth = -intensity * (exponent * sums[0] + sums[2]) / width
                    let lEta = intensity * sums[3]
                    let shape =
                        lWidth * peaks[k].geometry.widthDerivatives + lEta * peaks[k].geometry.etaDerivatives
                    result.shape += shape
                    let shift = instrument.shiftFunctions(theta: peaks[k].theta)
                    result.zero += lPosition
                    result.displacement += lPosition * shift.displacement
                    result.transparency += lPosition * shift.transparency
                    let lTheta =
                        lPosition * peaks[k].positionByTheta + shape[PeakGeometry.thetaLane]
                        + intensity * sums[4] * 360 / .pi
                    result.axial += intensity * SIMD2(sums[5], sums[6])
                    byQ[h] += lTheta * peaks[k].thetaByQ + sums[0] * scale * squared * peaks[k].factorByQ
                    byIntensity[h] += sums[0] * scale * peaks[k].factor
                    result.scale += sums[0] * peaks[k].factor * squared
                    result.volume -= 2 * sums[0] * intensity
                    result.overallB -= 2 * phase.factors.q[h] * sums[0] * intensity
                    result.absorption += sums[0] * scale * squared * peaks[k].factorByAbsorption
                    if let strain = phase.strain {
                        let (slope, byShare) = (strain.bySquare(h), strain.byShare(h))
                        let bySquare = shape[0] * slope.u + shape[5] * slope.y
                        result.microstrain += bySquare * strain.byInvariant[h]
                        result.microstrainShare += shape[0] * byShare.u + shape[5] * byShare.y
                        let widthsByQ = strain.byQ(h, q: phase.factors.q[h])
                        byQ[h] += shape[0] * widthsByQ.u + shape[5] * widthsByQ.y
                    }
                    if let texture = phase.texture {
                        result.texture +=
                            (sums[0] * intensity / texture.values[h]) * texture.byCoefficient[h]
                    }
                    if let orientation = phase.orientation {
                        let relative = sums[0] * intensity / orientation.values[h]
                        result.march += relative * orientation.byRatio[h]
                        result.metric = result.metric + relative * orientation.byMetric[h]
                    }
                }
            }
        }
        return result
    }
}
