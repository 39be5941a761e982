import CStructureFactors
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// A reflection on one spectral line: everything the profile needs, and its derivatives.
struct SpectralPeak {
    /// Zero weight: beyond the cut.
    var isVisible = false
    var theta = 0.0
    /// Degrees 2θ.
    var position = 0.0
    var positionByTheta = 0.0
    var thetaByQ = 0.0
    var geometry = PeakGeometry(shape: .gaussian, widths: PeakWidths().vector, theta: 0.1)
    /// Intensity for unit scale and unit ⟨|F|²⟩: m O LP A w e^{−2Bq}/V² and its explicit dependences on q (through
    /// θ too) and on μR; V and the orientation factor's are handled apart.
    var factor = 0.0
    var factorByQ = 0.0
    var factorByAbsorption = 0.0
    var first: Int32 = 0
    var last: Int32 = 0
}

/// One phase of a prepared powder calculation.
final class PhaseCalculation {
    var phase: PowderModel.Phase
    private(set) var factors: StructureFactors
    private(set) var peaks: [SpectralPeak] = []
    /// F² of every reflection where they are free (Le Bail, Pawley) instead of the structure's.
    var freeIntensities: [Double]?
    private(set) var range: ReflectionRange
    private(set) var volume = 1.0
    private(set) var reciprocalMetric = Matrix3.identity
    /// ∂G*/∂p and ∂ln V/∂p for each free lattice parameter.
    private(set) var latticeDirections: [Matrix3] = []
    private(set) var logVolumeDerivatives: [Double] = []
    /// O_h, ∂O/∂r and ∂O/∂G* where the phase has a preferred orientation.
    private(set) var orientation: OrientationFactors?
    /// Where the phase has microstrain by invariants.
    private(set) var strain: StrainWidths?
    /// Where the phase has texture by harmonics.
    private(set) var texture: TextureFactors?
    /// Counts the listings of reflections.
    private(set) var listings = 0
    private var listedMetric = Matrix3.identity
    private var orbits: [ScatteringOrbit]
    /// The spread of every peak by axial and equatorial divergence, [peak][node]; empty without.
    private var axialNodes: [AxialSpread.Node] = []
    private var axialNodeCount = 0
    private var quadrature = AxialSpread.Quadrature(count: 0)
    private let equatorialQuadrature = AxialSpread.Quadrature(count: 4)
    private var jacobian: StructureFactorJacobian?
    private var jacobianIsCurrent = false
    private var isStale = true
    /// Lattice, range or widths have moved: positions and shapes of the peaks must follow.
    private var peaksAreStale = true
    /// How the reflections are shared by threads: by the time that one pass over all peaks takes.
    private(set) var split = WorkSplit(threads: 1, nanoseconds: 0)
    private let threads: Int
    let lineWeights: [Double]
    let wavelengths: [Double]
    /// What the width of a line's emission adds to Y, degrees 2θ.
    private let lineSpreads: [Double]

    init(
        _ phase: PowderModel.Phase, model: PowderModel, gridEnd: Double, threads: Int
    ) throws(DiffractionError) {
        self.phase = phase
        self.threads = threads
        let instrument = model.instrument
        let lines = instrument.radiation.lines
        wavelengths = lines.map(\.wavelength)
        lineSpreads = lines.map(\.angularSpread)
        let first = lines.first?.weight ?? 1
        lineWeights = lines.map { $0.weight / first }
        var orbits: [ScatteringOrbit] = []
        for orbit in phase.structure.orbits {
            orbits.append(
                try ScatteringOrbit(
                    orbit, radiation: instrument.radiation, table: model.scatteringTable,
                    dispersion: model.dispersion))
        }
        self.orbits = orbits
        let lattice = phase.structure.lattice
        range = Self.range(instrument: instrument, phase: phase, gridEnd: gridEnd)
        listedMetric = lattice.metric
        let operations = phase.structure.spaceGroup.operations
        try ReflectionList.check(reciprocalMetric: lattice.reciprocalMetric, limit: range.listLimit)
        let list = ReflectionList(
            operations: operations, reciprocalMetric: lattice.reciprocalMetric, limit: range.listLimit)
        factors = try StructureFactors(
            orbits: orbits, operations: operations, reflections: list,
            reciprocalMetric: lattice.reciprocalMetric, threads: threads)
        let count = phase.structure.latticeParameters.names.count
        latticeDirections = [Matrix3](repeating: .zero, count: count)
        logVolumeDerivatives = [Double](repeating: 0, count: count)
        allocatePeaks()
    }

    /// Whether the cell has more reflections in the pattern than can be listed: one that a fit sent away, no crystal's.
    private(set) var isOutOfReach = false

    private func allocatePeaks() {
        peaks = [SpectralPeak](
            repeating: SpectralPeak(), count: factors.reflections.count * wavelengths.count)
        listings += 1
        jacobian = nil
        peaksAreStale = true
    }

    private static func reach(instrument: Instrument, phase: PowderModel.Phase, gridEnd: Double) -> Double? {
        guard instrument.radius.isFinite else { return nil }
        let theta = min(gridEnd, 175) * .pi / 360
        var widths = phase.widths(instrument)
        widths[5] += instrument.radiation.lines.reduce(0) { max($0, $1.angularSpread) }
        let metric = phase.structure.lattice.reciprocalMetric
        widths[5] += phase.microstrain?.largestWidth(reciprocalMetric: metric) ?? 0
        let width = PeakGeometry(shape: instrument.shape, widths: widths, theta: theta).width
        return width * instrument.radius
            + abs(instrument.zero) + abs(instrument.displacement) + abs(instrument.transparency)
    }

    private static func range(
        instrument: Instrument, phase: PowderModel.Phase, gridEnd: Double
    ) -> ReflectionRange {
        let margin =
            reach(instrument: instrument, phase: phase, gridEnd: gridEnd).map { 1.25 * $0 + 0.5 } ?? 5
        return ReflectionRange(
            end: gridEnd, margin: margin,
            shortestWavelength: instrument.radiation.shortestWavelength)
    }

    // MARK: Update

    /// - Parameter peaks: whether more than atoms, occupancies and displacements has moved.
    func markStale(peaks: Bool) {
        isStale = true
        if peaks { peaksAreStale = true }
    }

    /// Brings lattice, structure factors' state and peaks up to date with `phase` and the instrument.
    func update(instrument: Instrument, grid: UnsafeBufferPointer<Double>) {
        guard isStale || peaksAreStale else { return }
        jacobianIsCurrent = false
        if peaksAreStale {
            let lattice = phase.structure.lattice
            reciprocalMetric = lattice.reciprocalMetric
            volume = lattice.volume
            relistIfNeeded(instrument: instrument, gridEnd: grid.last ?? 0)
            factors.setReciprocalMetric(reciprocalMetric)
            factors.updateFormFactors()
        }
        for (index, orbit) in phase.structure.orbits.enumerated() {
            factors.setPosition(orbit.position, of: index)
            factors.setDisplacement(orbit.displacement ?? .isotropic(b: 0), of: index)
            for (occupant, value) in orbit.occupants.enumerated() {
                factors.setOccupancy(value.occupancy, occupant: occupant, of: index)
            }
        }
        if peaksAreStale {
            updateOrientation()
            updateStrain(shape: instrument.shape)
            updateTexture()
            updatePeaks(instrument: instrument, grid: grid)
        }
        isStale = false
        peaksAreStale = false
    }

    private func updateOrientation() {
        guard let preferred = phase.preferredOrientation else { return orientation = nil }
        if orientation == nil || orientation?.plane != preferred.plane {
            orientation = OrientationFactors(
                plane: preferred.plane, reflections: factors.reflections,
                operations: phase.structure.spaceGroup.operations)
        }
        orientation?.update(ratio: preferred.ratio, reciprocalMetric: reciprocalMetric)
    }

    private func updateTexture() {
        guard let harmonics = phase.texture else { return texture = nil }
        if texture == nil { texture = TextureFactors(harmonics, reflections: factors.reflections) }
        texture?.update(harmonics)
    }

    private func updateStrain(shape: PeakShape) {
        guard let microstrain = phase.microstrain else { return strain = nil }
        if strain == nil {
            strain = StrainWidths(microstrain, shape: shape, reflections: factors.reflections)
        }
        strain?.update(microstrain) { factors.q[$0] }
    }

    private func relistIfNeeded(instrument: Instrument, gridEnd: Double) {
        isOutOfReach = false
        let stretch = ReflectionRange.smallestStretch(listed: listedMetric, now: reciprocalMetric)
        let reach = Self.reach(instrument: instrument, phase: phase, gridEnd: gridEnd) ?? 0
        guard stretch < range.smallestStretch || reach > range.margin, freeIntensities == nil else { return }
        let newRange = Self.range(instrument: instrument, phase: phase, gridEnd: gridEnd)
        let count = ReflectionList.boxCount(reciprocalMetric: reciprocalMetric, limit: newRange.listLimit)
        guard count <= Double(Limits.reflections) else {
            isOutOfReach = true
            return
        }
        let operations = phase.structure.spaceGroup.operations
        let list = ReflectionList(
            operations: operations, reciprocalMetric: reciprocalMetric, limit: newRange.listLimit)
        let fresh: StructureFactors
        do {
            fresh = try StructureFactors(
                orbits: orbits, operations: operations, reflections: list, reciprocalMetric: reciprocalMetric,
                threads: threads)
        } catch {
            // Orbits and operations were good enough for the first list: what is left is that nothing scatters while
            // occupancies are at 0. Every intensity is 0 then, whatever the list; it is made once something scatters.
            return
        }
        range = newRange
        listedMetric = phase.structure.lattice.metric
        factors = fresh
        orientation = nil
        (strain, texture) = (nil, nil)
        allocatePeaks()
    }

    /// ∂G*/∂p = −G* (∂G/∂p) G*, ∂ln V/∂p = ½ tr(G* ∂G/∂p).
    func updateLatticeDirections() {
        for k in latticeDirections.indices {
            let derivative = phase.structure.latticeParameters.metricDerivative(of: k)
            latticeDirections[k] = (-1) * (reciprocalMetric * derivative * reciprocalMetric)
            logVolumeDerivatives[k] = (reciprocalMetric * derivative).trace / 2
        }
    }

    private func updatePeaks(instrument: Instrument, grid: UnsafeBufferPointer<Double>) {
        prepareAxialNodes(instrument)
        peaks.withUnsafeMutableBufferPointer { peaks in
            axialNodes.withUnsafeMutableBufferPointer { nodes in
                let count = factors.reflections.count
                factors.split.forEach { part in
                    updatePeaks(
                        factors.split.range(part, of: count), instrument: instrument, grid: grid, peaks, nodes
                    )
                }
            }
        }
        var points = 0
        for peak in peaks where peak.isVisible { points += Int(peak.last - peak.first) }
        split = WorkSplit(
            threads: threads, nanoseconds: 2 * Double(points * max(axialNodeCount, 1)))
    }

    private func updatePeaks(
        _ range: Range<Int>, instrument: Instrument, grid: UnsafeBufferPointer<Double>,
        _ peaks: UnsafeMutableBufferPointer<SpectralPeak>,
        _ axialNodes: UnsafeMutableBufferPointer<AxialSpread.Node>
    ) {
        let count = factors.reflections.count
        let ownWidths = phase.widths(instrument)
        let inverseVolume = 1 / (volume * volume)
        for (line, wavelength) in wavelengths.enumerated() {
            var widths = ownWidths
            widths[5] += lineSpreads[line]
            for h in range {
                let q = factors.q[h]
                let s = q.squareRoot()
                let sine = wavelength * s
                let index = line * count + h
                guard sine < 1 else {
                    peaks[index].isVisible = false
                    continue
                }
                let theta = asin(sine)
                let weight = self.range.weight(theta: theta)
                guard weight.value > 0 else {
                    peaks[index].isVisible = false
                    continue
                }
                var peak = SpectralPeak()
                peak.isVisible = true
                peak.theta = theta
                peak.thetaByQ = wavelength / (2 * s * cos(theta))
                let position = instrument.position(theta: theta)
                peak.position = position.value
                peak.positionByTheta = position.derivative
                var own = widths
                if let added = strain?.added(h) {
                    own[0] += added.u
                    own[5] += added.y
                }
                peak.geometry = PeakGeometry(shape: instrument.shape, widths: own, theta: theta)
                let lp = instrument.lorentzPolarization(theta: theta)
                let transmission = instrument.transmission(theta: theta)
                let constant =
                    lineWeights[line] * Double(factors.reflections.multiplicities[h]) * inverseVolume
                    * exp(-2 * phase.overallB * q)
                let angular = lp.value * transmission.value * weight.value
                let angularByTheta =
                    lp.derivative * transmission.value * weight.value
                    + lp.value * transmission.byTheta * weight.value
                    + lp.value * transmission.value * weight.derivative
                let o = (orientation?.values[h] ?? 1) * (texture?.values[h] ?? 1)
                peak.factor = constant * o * angular
                peak.factorByQ =
                    constant * o * (angularByTheta * peak.thetaByQ - 2 * phase.overallB * angular)
                peak.factorByAbsorption = constant * o * lp.value * transmission.byAbsorption * weight.value
                setSupport(of: &peak, index, instrument: instrument, grid: grid, axialNodes)
                peaks[index] = peak
            }
        }
    }

    private func prepareAxialNodes(_ instrument: Instrument) {
        let points = instrument.axial?.points ?? 0
        if quadrature.points.count != points { quadrature = AxialSpread.Quadrature(count: points) }
        axialNodeCount = instrument.axial?.nodeCount ?? 0
        if instrument.equatorialDivergence > 0 {
            axialNodeCount = max(1, axialNodeCount) * equatorialQuadrature.points.count
        }
        let needed = axialNodeCount * peaks.count
        if axialNodes.count != needed { axialNodes = [AxialSpread.Node](repeating: .init(), count: needed) }
    }

    /// No axial divergence copies peaks.
    var peaksAreSingle: Bool { axialNodeCount == 0 }

    /// The copies of a peak; nil without axial divergence.
    func axialNodes(of index: Int) -> ArraySlice<AxialSpread.Node>? {
        axialNodeCount == 0 ? nil : axialNodes[index * axialNodeCount..<(index + 1) * axialNodeCount]
    }

    private func setSupport(
        of peak: inout SpectralPeak, _ index: Int, instrument: Instrument, grid: UnsafeBufferPointer<Double>,
        _ axialNodes: UnsafeMutableBufferPointer<AxialSpread.Node>
    ) {
        let shape = profile(peak, instrument)
        let support = shape.support(on: grid)
        peak.first = Int32(support.lowerBound)
        peak.last = Int32(support.upperBound)
        guard axialNodeCount > 0 else { return }
        let twoTheta = 2 * peak.theta
        let nodes = UnsafeMutableBufferPointer(
            rebasing: axialNodes[index * axialNodeCount..<(index + 1) * axialNodeCount])
        var count = 1
        if let axial = instrument.axial {
            count = axial.nodeCount
            AxialSpread.fill(
                UnsafeMutableBufferPointer(rebasing: nodes[0..<count]), twoTheta: twoTheta, axial: axial,
                quadrature: quadrature)
        } else {
            nodes[0] = AxialSpread.Node(weight: 1)
        }
        if instrument.equatorialDivergence > 0 {
            AxialSpread.spread(
                nodes, count: count, twoTheta: twoTheta,
                divergence: instrument.equatorialDivergence * .pi / 180, quadrature: equatorialQuadrature)
        }
        var shifted = shape
        for node in nodes {
            shifted.position = shape.position + node.offset
            let support = shifted.support(on: grid)
            peak.first = min(peak.first, Int32(support.lowerBound))
            peak.last = max(peak.last, Int32(support.upperBound))
        }
    }

    func profile(_ peak: SpectralPeak, _ instrument: Instrument) -> PeakProfile {
        PeakProfile(
            position: peak.position, width: peak.geometry.width, eta: peak.geometry.eta,
            normalization: instrument.normalization, radius: instrument.radius)
    }

    /// ⟨|F|²⟩: the structure's, or the free ones.
    var intensities: UnsafeBufferPointer<Double> { factors.intensitiesInPlace }

    @inline(__always) func intensity(_ h: Int, _ calculated: UnsafeBufferPointer<Double>) -> Double {
        if let freeIntensities { return freeIntensities[h] }
        return calculated[h]
    }

    // MARK: Forward derivatives

    func preparedJacobian() -> StructureFactorJacobian {
        let result: StructureFactorJacobian
        if let jacobian { result = jacobian } else { result = StructureFactorJacobian(factors) }
        jacobian = result
        if !jacobianIsCurrent {
            result.update()
            jacobianIsCurrent = true
        }
        return result
    }
}
