import CStructureFactors
import Crystallography
import NumericalMethods

/// Memory of the Jacobian: for every parameter and peak, what the seven basis functions of the profile
/// (`PhaseCalculation.basis`) are multiplied with.
final class ForwardBuffers {
    private let parameterCount: Int
    private let gridCount: Int
    private var coefficients = DoubleBuffer(0)
    private var column = DoubleBuffer(0)
    /// Rows of parameters that touch the phase.
    private var active: [Int] = []
    /// The basis functions and four rows more for each part of the grid.
    private let basis: [DoubleBuffer]
    private let stride: Int
    private let split: WorkSplit

    init(parameters: Int, grid: Int, threads: Int) {
        parameterCount = parameters
        gridCount = grid
        active.reserveCapacity(parameters)
        split = WorkSplit(threads: threads, nanoseconds: 20 * Double(parameters * grid))
        let stride = grid / split.parts + 5
        self.stride = stride
        basis = (0..<split.parts).map { _ in DoubleBuffer((PhaseCalculation.basisCount + 4) * stride) }
    }

    func forward(
        _ phase: PhaseCalculation, _ index: Int, _ instrument: Instrument, _ members: [[PowderQuantity]],
        _ grid: UnsafeBufferPointer<Double>, into rows: UnsafeMutablePointer<Double>
    ) {
        let peakCount = phase.peaks.count
        let n = PhaseCalculation.basisCount
        if coefficients.count < PhaseCalculation.basisCount * parameterCount * peakCount {
            coefficients = DoubleBuffer(PhaseCalculation.basisCount * parameterCount * peakCount)
        }
        if column.count < phase.factors.reflections.count {
            column = DoubleBuffer(phase.factors.reflections.count)
        }
        phase.updateLatticeDirections()
        active.removeAll(keepingCapacity: true)
        for (row, quantities) in members.enumerated() {
            let base = coefficients.base + n * row * peakCount
            base.update(repeating: 0, count: n * peakCount)
            var isActive = false
            for quantity in quantities where fill(quantity, phase, index, instrument, base) {
                isActive = true
            }
            if isActive { active.append(row) }
        }
        split.forEach { part in
            combine(phase, instrument, grid, split.range(part, of: gridCount), basis[part], into: rows)
        }
    }

    /// Writes the window's columns of all active rows.
    private func combine(
        _ phase: PhaseCalculation, _ instrument: Instrument, _ grid: UnsafeBufferPointer<Double>,
        _ window: Range<Int>, _ basis: DoubleBuffer, into rows: UnsafeMutablePointer<Double>
    ) {
        let n = PhaseCalculation.basisCount
        let peakCount = phase.peaks.count
        phase.peaks.withUnsafeBufferPointer { peaks in
            for k in peaks.indices where peaks[k].isVisible {
                let points = (Int(peaks[k].first)..<Int(peaks[k].last)).clamped(to: window)
                guard !points.isEmpty else { continue }
                let functions = phase.basis(
                    k, instrument, grid, points: points, basis.base, scratch: basis.base + n * stride,
                    stride: stride)
                for row in active {
                    wyckoff_combine(
                        coefficients.base + n * (row * peakCount + k), Int32(functions), basis.base,
                        Int32(stride), Int32(points.count), rows + row * gridCount + points.lowerBound)
                }
            }
        }
    }

    /// Adds a quantity's coefficients for all peaks of a phase; false if it does not touch them.
    private func fill(
        _ quantity: PowderQuantity, _ phase: PhaseCalculation, _ index: Int, _ instrument: Instrument,
        _ base: UnsafeMutablePointer<Double>
    ) -> Bool {
        switch quantity {
        case .background: return false
        case .zero: fillShift(phase, base) { _ in 1 }
        case .displacement:
            fillShift(phase, base) { instrument.shiftFunctions(theta: $0).displacement }
        case .transparency:
            fillShift(phase, base) { instrument.shiftFunctions(theta: $0).transparency }
        case .absorption:
            fillIntensity(phase, base) { peak, _, squared in peak.factorByAbsorption * squared }
        case .width(let k): fillWidth(phase, instrument, base, k)
        case .axial(let which):
            guard instrument.axial != nil else { return false }
            let intensities = phase.intensities
            for k in phase.peaks.indices where phase.peaks[k].isVisible {
                base[PhaseCalculation.basisCount * k + 5 + which] +=
                    phase.phase.scale * phase.peaks[k].factor
                    * phase.intensity(k % intensities.count, intensities)
            }
        case .size(index): fillWidth(phase, instrument, base, 4)
        case .strain(index): fillWidth(phase, instrument, base, 5)
        case .microstrain(index, let k):
            guard let strain = phase.strain else { return false }
            fillWidths(phase, instrument, base) { h in
                let (slope, form) = (strain.bySquare(h), strain.byInvariant[h][k])
                return (slope.u * form, slope.y * form)
            }
        case .microstrainShare(index):
            guard let strain = phase.strain else { return false }
            fillWidths(phase, instrument, base) { strain.byShare($0) }
        case .scale(index):
            let intensities = phase.intensities
            for k in phase.peaks.indices where phase.peaks[k].isVisible {
                base[PhaseCalculation.basisCount * k] +=
                    phase.peaks[k].factor * phase.intensity(k % intensities.count, intensities)
            }
        case .overallB(index):
            fillIntensity(phase, base) { peak, h, squared in -2 * phase.factors.q[h] * peak.factor * squared }
        case .march(index):
            guard let orientation = phase.orientation else { return false }
            fillIntensity(phase, base) { peak, h, squared in
                peak.factor * squared * orientation.byRatio[h] / orientation.values[h]
            }
        case .texture(index, let k):
            guard let texture = phase.texture else { return false }
            fillIntensity(phase, base) { peak, h, squared in
                peak.factor * squared * texture.byCoefficient[h][k] / texture.values[h]
            }
        case .lattice(index, let k): fillLattice(phase, instrument, base, k)
        case .coordinate(index, let orbit, let k):
            guard phase.freeIntensities == nil else { return false }
            let direction = phase.phase.structure.orbits[orbit].siteSymmetry.directions[k]
            phase.preparedJacobian().position(of: orbit, along: SIMD3<Double>(direction), into: column.base)
            fillColumn(phase, base)
        case .b(index, let orbit):
            guard phase.freeIntensities == nil else { return false }
            phase.preparedJacobian().b(of: orbit, into: column.base)
            fillColumn(phase, base)
        case .u(index, let orbit, let direction):
            guard phase.freeIntensities == nil else { return false }
            for (row, column) in DisplacementDirection.positions where direction.matrix[row, column] != 0 {
                phase.preparedJacobian().u(of: orbit, row, column, into: self.column.base)
                fillColumn(phase, base, factor: direction.matrix[row, column])
            }
        case .occupancy(index, let orbit, let occupant):
            guard phase.freeIntensities == nil else { return false }
            phase.preparedJacobian().occupancy(of: orbit, occupant: occupant, into: column.base)
            fillColumn(phase, base)
        default: return false
        }
        return true
    }

    private func fillShift(
        _ phase: PhaseCalculation, _ base: UnsafeMutablePointer<Double>, _ function: (Double) -> Double
    ) {
        let intensities = phase.intensities
        let scale = phase.phase.scale
        for k in phase.peaks.indices where phase.peaks[k].isVisible {
            let peak = phase.peaks[k]
            let intensity = scale * peak.factor * phase.intensity(k % intensities.count, intensities)
            base[PhaseCalculation.basisCount * k + 1] += intensity * function(peak.theta)
        }
    }

    /// The function gives ∂(intensity for unit scale)/∂p.
    private func fillIntensity(
        _ phase: PhaseCalculation, _ base: UnsafeMutablePointer<Double>,
        _ function: (SpectralPeak, Int, Double) -> Double
    ) {
        let intensities = phase.intensities
        let scale = phase.phase.scale
        for k in phase.peaks.indices where phase.peaks[k].isVisible {
            let h = k % intensities.count
            base[PhaseCalculation.basisCount * k] +=
                scale * function(phase.peaks[k], h, phase.intensity(h, intensities))
        }
    }

    /// `column` holds ∂⟨|F|²⟩/∂p.
    private func fillColumn(
        _ phase: PhaseCalculation, _ base: UnsafeMutablePointer<Double>, factor: Double = 1
    ) {
        let count = phase.factors.reflections.count
        let scale = factor * phase.phase.scale
        phase.peaks.withUnsafeBufferPointer { peaks in
            for k in peaks.indices where peaks[k].isVisible {
                base[PhaseCalculation.basisCount * k] += scale * peaks[k].factor * column.base[k % count]
            }
        }
    }

    private func fillWidth(
        _ phase: PhaseCalculation, _ instrument: Instrument, _ base: UnsafeMutablePointer<Double>, _ lane: Int
    ) {
        let intensities = phase.intensities
        let scale = phase.phase.scale
        let exponent = instrument.normalization == .area ? 1.0 : 0.0
        for k in phase.peaks.indices where phase.peaks[k].isVisible {
            let geometry = phase.peaks[k].geometry
            let intensity =
                scale * phase.peaks[k].factor * phase.intensity(k % intensities.count, intensities)
            let relative = -intensity * geometry.widthDerivatives[lane] / geometry.width
            base[PhaseCalculation.basisCount * k] += exponent * relative
            base[PhaseCalculation.basisCount * k + 2] += relative
            base[PhaseCalculation.basisCount * k + 3] += intensity * geometry.etaDerivatives[lane]
        }
    }

    /// The function gives ∂U/∂p and ∂Y/∂p of a reflection.
    private func fillWidths(
        _ phase: PhaseCalculation, _ instrument: Instrument, _ base: UnsafeMutablePointer<Double>,
        _ function: (Int) -> (u: Double, y: Double)
    ) {
        let intensities = phase.intensities
        let scale = phase.phase.scale
        let exponent = instrument.normalization == .area ? 1.0 : 0.0
        for k in phase.peaks.indices where phase.peaks[k].isVisible {
            let h = k % intensities.count
            let change = function(h)
            let geometry = phase.peaks[k].geometry
            let intensity = scale * phase.peaks[k].factor * phase.intensity(h, intensities)
            let byWidths = geometry.widthDerivatives
            let relative = -intensity * (byWidths[0] * change.u + byWidths[5] * change.y) / geometry.width
            base[PhaseCalculation.basisCount * k] += exponent * relative
            base[PhaseCalculation.basisCount * k + 2] += relative
            base[PhaseCalculation.basisCount * k + 3] +=
                intensity * (geometry.etaDerivatives[0] * change.u + geometry.etaDerivatives[5] * change.y)
        }
    }

    private func fillLattice(
        _ phase: PhaseCalculation, _ instrument: Instrument, _ base: UnsafeMutablePointer<Double>,
        _ parameter: Int
    ) {
        let direction = phase.latticeDirections[parameter]
        let logVolume = phase.logVolumeDerivatives[parameter]
        let intensities = phase.intensities
        let count = intensities.count
        let scale = phase.phase.scale
        let exponent = instrument.normalization == .area ? 1.0 : 0.0
        let lane = PeakGeometry.thetaLane
        if phase.freeIntensities == nil {
            phase.preparedJacobian().lattice(along: direction, into: column.base)
        } else {
            column.clear()
        }
        for k in phase.peaks.indices where phase.peaks[k].isVisible {
            let h = k % count
            let peak = phase.peaks[k]
            let squared = phase.intensity(h, intensities)
            let intensity = scale * peak.factor * squared
            let dq = ReflectionList.q(of: phase.factors.reflections.indices[h], reciprocalMetric: direction)
            let dTheta = peak.thetaByQ * dq
            var widthChange = peak.geometry.widthDerivatives[lane] * dTheta
            var etaChange = peak.geometry.etaDerivatives[lane] * dTheta
            if let strain = phase.strain {
                let change = strain.byQ(h, q: phase.factors.q[h])
                let (byWidths, byEta) = (peak.geometry.widthDerivatives, peak.geometry.etaDerivatives)
                widthChange += (byWidths[0] * change.u + byWidths[5] * change.y) * dq
                etaChange += (byEta[0] * change.u + byEta[5] * change.y) * dq
            }
            let relative = -intensity * widthChange / peak.geometry.width
            var change = scale * (peak.factorByQ * dq * squared + peak.factor * column[h])
            change -= 2 * logVolume * intensity
            if let orientation = phase.orientation {
                change +=
                    intensity * orientation.byMetric[h].contracted(with: direction) / orientation.values[h]
            }
            base[PhaseCalculation.basisCount * k] += change + exponent * relative
            base[PhaseCalculation.basisCount * k + 1] += intensity * peak.positionByTheta * dTheta
            base[PhaseCalculation.basisCount * k + 2] += relative
            base[PhaseCalculation.basisCount * k + 3] += intensity * etaChange
            base[PhaseCalculation.basisCount * k + 4] += intensity * dTheta * 360 / .pi
        }
    }
}
