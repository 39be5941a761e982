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
        var lattice: [Double]
        var structure: StructureFactorGradient
        var listing: Int
        let intensity: DoubleBuffer
        let q: DoubleBuffer
    }

    var zero = 0.0
    var displacement = 0.0
    var transparency = 0.0
    var absorption = 0.0
    var widths = [Double](repeating: 0, count: PeakWidths.names.count)
    var axial = [0.0, 0.0]
    var phases: [PhaseGradient] = []

    init(_ phases: [PhaseCalculation]) {
        self.phases = phases.map(Self.gradient)
    }

    private static func gradient(_ phase: PhaseCalculation) -> PhaseGradient {
        PhaseGradient(
            lattice: [Double](repeating: 0, count: phase.latticeDirections.count),
            structure: StructureFactorGradient(of: phase.factors), listing: phase.listings,
            intensity: DoubleBuffer(phase.factors.reflections.count),
            q: DoubleBuffer(phase.factors.reflections.count))
    }

    func prepare(_ calculations: [PhaseCalculation]) {
        (zero, displacement, transparency, absorption) = (0, 0, 0, 0)
        for k in widths.indices { widths[k] = 0 }
        (axial[0], axial[1]) = (0, 0)
        for (index, calculation) in calculations.enumerated()
        where phases[index].listing != calculation.listings {
            phases[index] = Self.gradient(calculation)
        }
    }

    func reverse(
        _ phase: PhaseCalculation, _ index: Int, _ instrument: Instrument,
        _ grid: UnsafeBufferPointer<Double>, _ cotangent: UnsafeBufferPointer<Double>
    ) {
        let exponent = instrument.normalization == .area ? 1.0 : 0.0
        let intensities = phase.intensities
        let count = intensities.count
        let scale = phase.phase.scale
        let (byIntensity, byQ) = (phases[index].intensity, phases[index].q)
        byIntensity.clear()
        byQ.clear()
        var (byScale, byVolume, byOverallB, byMarch) = (0.0, 0.0, 0.0, 0.0)
        var byShape = SIMD8<Double>.zero
        var tensor = Matrix3.zero
        phase.peaks.withUnsafeBufferPointer { peaks in
            for k in peaks.indices where peaks[k].isVisible && peaks[k].last > peaks[k].first {
                let h = k % count
                let sums = phase.reverseSums(k, instrument, grid, cotangent)
                let squared = phase.intensity(h, intensities)
                let intensity = scale * peaks[k].factor * squared
                let width = peaks[k].geometry.width
                let lPosition = intensity * sums[1]
                let lWidth = -intensity * (exponent * sums[0] + sums[2]) / width
                let lEta = intensity * sums[3]
                let shape =
                    lWidth * peaks[k].geometry.widthDerivatives + lEta * peaks[k].geometry.etaDerivatives
                byShape += shape
                let shift = instrument.shiftFunctions(theta: peaks[k].theta)
                zero += lPosition
                displacement += lPosition * shift.displacement
                transparency += lPosition * shift.transparency
                let lTheta =
                    lPosition * peaks[k].positionByTheta + shape[PeakGeometry.thetaLane]
                    + intensity * sums[4] * 360 / .pi
                axial[0] += intensity * sums[5]
                axial[1] += intensity * sums[6]
                byQ.base[h] += lTheta * peaks[k].thetaByQ + sums[0] * scale * squared * peaks[k].factorByQ
                byIntensity.base[h] += sums[0] * scale * peaks[k].factor
                byScale += sums[0] * peaks[k].factor * squared
                byVolume -= 2 * sums[0] * intensity
                byOverallB -= 2 * phase.factors.q[h] * sums[0] * intensity
                absorption += sums[0] * scale * squared * peaks[k].factorByAbsorption
                if let orientation = phase.orientation {
                    let relative = sums[0] * intensity / orientation.values[h]
                    byMarch += relative * orientation.byRatio[h]
                    tensor = tensor + relative * orientation.byMetric[h]
                }
            }
        }
        for k in widths.indices { widths[k] += byShape[k] }
        phases[index].scale = byScale
        phases[index].overallB = byOverallB
        phases[index].size = byShape[4]
        phases[index].strain = byShape[5]
        phases[index].march = byMarch
        if phase.freeIntensities == nil {
            phase.factors.reverse(
                cotangent: byIntensity.base, into: &phases[index].structure, qGradient: byQ.base)
        } else {
            phases[index].structure = StructureFactorGradient(of: phase.factors)
        }
        for i in 0..<count {
            let h = SIMD3<Double>(phase.factors.reflections.indices[i])
            let hq = h * (0.25 * byQ.base[i])
            tensor.rows.0 += hq * h.x
            tensor.rows.1 += hq * h.y
            tensor.rows.2 += hq * h.z
        }
        let squares = phases[index].structure.reciprocalSquares
        for i in 0..<3 { tensor[i, i] += squares[i] }
        phase.updateLatticeDirections()
        for k in phase.latticeDirections.indices {
            phases[index].lattice[k] =
                tensor.contracted(with: phase.latticeDirections[k]) + byVolume * phase.logVolumeDerivatives[k]
        }
    }
}
