import CStructureFactors
import Crystallography
import Foundation
import NumericalMethods

/// A powder pattern prepared for many evaluations: a model, a grid of angles, and the parameters that are free.
///
/// Setting `values` moves the model; pattern, gradient and Jacobian are brought up to date when they are asked for,
/// and reflections are listed again only when the cell has moved by some per cent. Not `Sendable`: make one for each
/// thread (the model is a value).
public final class PowderCalculation {
    /// The model as the present values make it.
    public var model: PowderModel {
        var whole = frame
        whole.phases = phases.map(\.phase)
        return whole
    }

    /// Instrument and background; the phases stand in their calculations alone, so that a step copies none of them.
    private var frame: PowderModel
    let threads: Int
    var instrument: Instrument { frame.instrument }
    /// Degrees 2θ, ascending.
    public let twoTheta: [Double]
    /// Names of the free parameters: the order of `values`, of the gradient and of the Jacobian's rows.
    public let names: [String]
    let members: [[PowderQuantity]]
    let phases: [PhaseCalculation]
    private let backgroundTerms: [[Double]]
    /// Where every peak reaches every point of an even grid.
    private let tails: PeakTails?
    private var pattern: [Double]
    private var backgroundValues: [Double]
    private var patternIsStale = true
    private var reverseBuffers: ReverseBuffers?
    private var forwardBuffers: ForwardBuffers?
    var normalEquationMemory: NormalEquationMemory?

    /// - `twoTheta`: degrees, strictly ascending, inside 0–180.
    /// - `free`: names of `model.parameters`, or ties such as `Pb.B`.
    /// - `threads`: how many may share the work of one evaluation where there is enough; the numbers do not depend
    ///   on it. Leave it at 1 where several calculations run at the same time.
    public init(
        _ model: PowderModel, twoTheta: [Double], free: [String] = [], threads: Int = 1
    ) throws(DiffractionError) {
        guard let first = twoTheta.first, let last = twoTheta.last else { throw .emptyGrid }
        guard first >= 0 else { throw .rangeOutsideSphere(first) }
        guard last < 180 else { throw .rangeOutsideSphere(last) }
        for i in 1..<max(twoTheta.count, 1) where !(twoTheta[i] > twoTheta[i - 1]) {
            throw .gridNotAscending(index: i)
        }
        for line in model.instrument.radiation.lines { try Wavelength.check(line.wavelength) }
        self.threads = threads
        frame = model
        frame.phases = []
        self.twoTheta = twoTheta
        names = free
        members = model.members(of: free)
        for (name, found) in zip(free, members) where found.isEmpty { throw .unknownParameter(name) }
        var phases: [PhaseCalculation] = []
        for phase in model.phases {
            phases.append(try PhaseCalculation(phase, model: model, gridEnd: last, threads: threads))
        }
        self.phases = phases
        backgroundTerms = model.backgroundFunction.terms(
            model.background.count, twoTheta: twoTheta,
            wavelength: model.instrument.radiation.wavelength)
        tails = model.instrument.radius.isFinite ? nil : PeakTails(grid: twoTheta)
        pattern = [Double](repeating: 0, count: twoTheta.count)
        backgroundValues = pattern
    }

    // MARK: Parameters

    /// The values of the free parameters.
    public var values: [Double] {
        get { members.map { value(of: $0[0]) } }
        set {
            for (quantities, value) in zip(members, newValue) {
                for quantity in quantities { set(quantity, to: value) }
            }
        }
    }

    /// Any parameter of the model by name, free or not; nil for an unknown name.
    public subscript(name: String) -> Double? { model[name] }

    /// Sets a parameter of the model, free or not.
    ///
    /// - Throws: where no parameter has the name.
    public func set(_ name: String, to value: Double) throws(DiffractionError) {
        let members = model.members(of: name)
        guard !members.isEmpty else { throw .unknownParameter(name) }
        for quantity in members { set(quantity, to: value) }
    }

    private func value(of quantity: PowderQuantity) -> Double {
        quantity.phase.map { phases[$0].phase.value(of: quantity) } ?? frame.value(of: quantity)
    }

    private func set(_ quantity: PowderQuantity, to value: Double) {
        guard self.value(of: quantity) != value else { return }
        patternIsStale = true
        if let phase = quantity.phase {
            phases[phase].phase.set(quantity, to: value)
            if case .scale = quantity { return }
            phases[phase].markStale(peaks: quantity.movesPeaks)
        } else {
            frame.set(quantity, to: value)
            if quantity.movesPeaks { for phase in phases { phase.markStale(peaks: true) } }
        }
    }

    // MARK: Value

    /// Calculated intensities on the grid. Not numbers where a cell has more reflections than can be listed, so that a fit
    /// rejects the step that led there.
    public var calculated: [Double] {
        update()
        return pattern
    }

    /// The background alone.
    public var background: [Double] {
        update()
        return backgroundValues
    }

    /// The calculated pattern without a copy.
    package func withCalculated<R>(_ body: (UnsafeBufferPointer<Double>) throws -> R) rethrows -> R {
        update()
        return try pattern.withUnsafeBufferPointer(body)
    }

    func updatePhases() {
        twoTheta.withUnsafeBufferPointer { grid in
            for phase in phases { phase.update(instrument: instrument, grid: grid) }
        }
    }

    private func update() {
        guard patternIsStale else { return }
        patternIsStale = false
        updatePhases()
        let count = twoTheta.count
        if phases.contains(where: \.isOutOfReach) {
            for i in 0..<count { pattern[i] = .nan }
            return
        }
        backgroundValues.withUnsafeMutableBufferPointer { out in
            for i in 0..<count { out[i] = 0 }
            for (k, term) in backgroundTerms.enumerated() {
                let coefficient = frame.background[k]
                term.withUnsafeBufferPointer { t in
                    for i in 0..<count { out[i] += coefficient * t[i] }
                }
            }
        }
        pattern.withUnsafeMutableBufferPointer { out in
            backgroundValues.withUnsafeBufferPointer { background in
                for i in 0..<count { out[i] = background[i] }
            }
            twoTheta.withUnsafeBufferPointer { grid in
                for phase in phases { add(phase, grid: grid, to: out) }
            }
        }
    }

    private func add(
        _ phase: PhaseCalculation, grid: UnsafeBufferPointer<Double>,
        to out: UnsafeMutableBufferPointer<Double>
    ) {
        guard let base = out.baseAddress else { return }
        let intensities = phase.intensities
        let count = intensities.count
        let scale = phase.phase.scale
        if let tails, let points = grid.baseAddress, phase.peaksAreSingle {
            // Every number is the same however the windows are cut.
            let split = phase.split.threads > 1 ? phase.split : WorkSplit(threads: 1, nanoseconds: 0)
            split.forEach { part in
                let window = split.range(part, of: tails.parents)
                tails.clear(window)
                phase.peaks.withUnsafeBufferPointer { peaks in
                    for index in peaks.indices where peaks[index].isVisible {
                        let height = scale * peaks[index].factor * phase.intensity(index % count, intensities)
                        guard height != 0 else { continue }
                        var kernel = phase.profile(peaks[index], instrument).kernel
                        tails.add(&kernel, height: height, window: window, grid: points, base)
                    }
                }
                tails.interpolate(window, base)
            }
            return
        }
        phase.split.forEach { part in
            let window = phase.split.range(part, of: grid.count)
            for index in phase.peaks.indices where phase.peaks[index].isVisible {
                let height = scale * phase.peaks[index].factor * phase.intensity(index % count, intensities)
                phase.addPeak(index, height: height, instrument, grid, window: window, base)
            }
        }
    }

    func markPatternStale() { patternIsStale = true }

    // MARK: Reverse

    /// ∂L/∂(free parameters) from ∂L/∂(calculated pattern): one pass, whatever the number of parameters.
    public func gradient(of cotangent: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: names.count)
        gradient(of: cotangent, into: &result)
        return result
    }

    /// The same into memory of the caller, one number for each of `names`; allocates nothing after the first call.
    public func gradient(of cotangent: [Double], into result: inout [Double]) {
        precondition(cotangent.count == twoTheta.count, "one cotangent for each grid point")
        precondition(result.count == names.count, "one entry for each free parameter")
        updatePhases()
        let buffers = reverseBuffers ?? ReverseBuffers(phases)
        reverseBuffers = buffers
        buffers.prepare(phases)
        cotangent.withUnsafeBufferPointer { g in
            twoTheta.withUnsafeBufferPointer { grid in
                if let tails, let base = g.baseAddress { tails.prepareReverse(base) }
                for index in phases.indices {
                    buffers.reverse(phases[index], index, instrument, grid, g, tails)
                }
            }
        }
        for k in members.indices {
            var sum = 0.0
            for quantity in members[k] { sum += derivative(of: quantity, cotangent: cotangent, buffers) }
            result[k] = sum
        }
    }

    private func derivative(of quantity: PowderQuantity, cotangent: [Double], _ buffers: ReverseBuffers)
        -> Double
    {
        switch quantity {
        case .zero: return buffers.total.zero
        case .displacement: return buffers.total.displacement
        case .transparency: return buffers.total.transparency
        case .absorption: return buffers.total.absorption
        case .width(let k): return buffers.total.shape[k]
        case .axial(let k): return buffers.total.axial[k]
        case .background(let k):
            var sum = 0.0
            for i in cotangent.indices { sum += cotangent[i] * backgroundTerms[k][i] }
            return sum
        case .scale(let p): return buffers.phases[p].scale
        case .overallB(let p): return buffers.phases[p].overallB
        case .size(let p): return buffers.phases[p].size
        case .strain(let p): return buffers.phases[p].strain
        case .march(let p): return buffers.phases[p].march
        case .microstrain(let p, let k): return buffers.phases[p].microstrain[k]
        case .microstrainShare(let p): return buffers.phases[p].microstrainShare
        case .texture(let p, let k): return buffers.phases[p].texture[k]
        case .lattice(let p, let k): return buffers.phases[p].lattice[k]
        case .coordinate(let p, let orbit, let k):
            let direction = phases[p].phase.structure.orbits[orbit].siteSymmetry.directions[k]
            return buffers.phases[p].structure.positions[orbit].dot(SIMD3<Double>(direction))
        case .b(let p, let orbit): return buffers.phases[p].structure.b[orbit]
        case .u(let p, let orbit, let direction):
            return direction.contracted(with: buffers.phases[p].structure.u[orbit])
        case .occupancy(let p, let orbit, let occupant):
            return buffers.phases[p].structure.occupancies[orbit][occupant]
        }
    }

    // MARK: Forward

    /// ∂(calculated pattern)/∂(free parameters): row p belongs to `names[p]`, column i to grid point i (P × N, so
    /// that a parameter's derivative is contiguous).
    public var jacobian: DenseMatrix {
        var result = DenseMatrix(rows: names.count, columns: twoTheta.count)
        jacobian(into: &result)
        return result
    }

    /// The same into a matrix of P rows and N columns, without allocation after the first call.
    package func jacobian(into result: inout DenseMatrix) {
        precondition(result.rows == names.count && result.columns == twoTheta.count, "P × N")
        updatePhases()
        let buffers =
            forwardBuffers
            ?? ForwardBuffers(
                parameters: names.count, grid: twoTheta.count, threads: threads)
        forwardBuffers = buffers
        let count = twoTheta.count
        result.elements.withUnsafeMutableBufferPointer { out in
            guard let base = out.baseAddress else { return }
            base.update(repeating: 0, count: out.count)
            for (row, quantities) in members.enumerated() {
                for quantity in quantities {
                    guard case .background(let k) = quantity else { continue }
                    for i in 0..<count { base[row * count + i] += backgroundTerms[k][i] }
                }
            }
            twoTheta.withUnsafeBufferPointer { grid in
                for index in phases.indices {
                    buffers.forward(phases[index], index, instrument, members, grid, into: base)
                }
            }
        }
    }
}
