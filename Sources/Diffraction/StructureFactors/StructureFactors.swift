import CStructureFactors
import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// Structure factors of a list of reflections, prepared once and cheap per step.
///
/// F_h = Σ_orbits occ · Σ_images (f0 + f′ + i f″) T(hR) exp 2πi h·(R x + t), summed over one image of each class
/// under centring and inversion. `intensities` holds the mean of |F|² over Friedel mates, |P|² + |Q|² with
/// P = Σ (f0 + f′) T e and Q = Σ f″ T e, for the whole conventional cell. In a centrosymmetric group the phase
/// origin is moved to the inversion centre, which leaves |F| alone.
///
/// Nothing is allocated after the initializer. Not `Sendable`: one for each thread.
package final class StructureFactors {
    package let reflections: ReflectionList
    package let isCentrosymmetric: Bool
    package let orbitCount: Int
    package internal(set) var reciprocalMetric: Matrix3
    /// Whether any scatterer has f″.
    let hasDispersion: Bool

    // Geometry of the sum.
    var kernel: wyckoff_phase_tables
    let slotCount: Int
    let rowCount: Int
    let orbits: [OrbitSlots]
    private let indexBuffers: [IndexBuffer]
    let orbitOfSlot: IndexBuffer
    let rotations: DoubleBuffer
    private let phaseBuffers: [DoubleBuffer]
    let slotPositions: DoubleBuffer
    let inversionShift: SIMD3<Double>

    // Scattering, [type or row][reflection].
    let types: [Scatterer]
    let q: DoubleBuffer
    let formFactors: DoubleBuffer
    let formFactorSlopes: DoubleBuffer
    let temperature: DoubleBuffer
    let weight: DoubleBuffer
    let dispersion: DoubleBuffer?
    let amplitudeP: DoubleBuffer
    let amplitudeQ: DoubleBuffer?
    let intensityBuffer: DoubleBuffer
    let weightGradient: DoubleBuffer
    let dispersionGradient: DoubleBuffer?

    // State.
    package internal(set) var positions: [SIMD3<Double>]
    package internal(set) var displacements: [Displacement]
    package internal(set) var occupancies: [[Double]]
    var weightsAreStale: [Bool]
    var tablesAreStale: [Bool]
    var formFactorsAreStale: Bool

    // Sharing the work.
    let split: WorkSplit
    private let scratch: [DoubleBuffer]
    var reverseParts: [StructureFactorReverse] = []

    /// Where an orbit's images stand among the slots and rows.
    struct OrbitSlots {
        let label: String
        /// Index into `types` for each occupant.
        let types: [Int]
        let images: [SymmetryOperation]
        /// Atoms that each image stands for.
        let factor: Double
        let firstSlot: Int
        let firstRow: Int
        let isAnisotropic: Bool
        /// Rows: one, or one for each image where the displacement is anisotropic.
        var rows: Range<Int> { firstRow..<firstRow + (isAnisotropic ? images.count : 1) }
    }

    /// - Parameters:
    ///   - operations: all operations of the group, centring included.
    ///   - separatesOrbits: keeps orbits apart in memory, for sums over single orbits.
    ///   - threads: how many may share the reflections where there are many; the numbers do not depend on it.
    package init(
        orbits input: [ScatteringOrbit], operations: [SymmetryOperation], reflections: ReflectionList,
        reciprocalMetric: Matrix3, separatesOrbits: Bool = false, threads: Int = 1
    ) throws(DiffractionError) {
        guard input.contains(where: { $0.occupancies.contains { $0 > 0 } }) else { throw .nothingScatters }
        self.reflections = reflections
        self.reciprocalMetric = reciprocalMetric
        let centrings = operations.filter { $0.rotation == .identity }
        let inversion = operations.first { $0.rotation == -.identity }
        isCentrosymmetric = inversion != nil
        let denominator = Double(SymmetryOperation.denominator)
        inversionShift = inversion.map { SIMD3<Double>($0.translation) / (2 * denominator) } ?? .zero

        let lanes = Int(WYCKOFF_LANES)
        var types: [Scatterer] = []
        var typeOf: [Scatterer: Int] = [:]
        var orbits: [OrbitSlots] = []
        var slots = 0
        var rows = 0
        var rowOfSlot: [Int] = []
        var orbitOfSlot: [Int] = []
        for (index, orbit) in input.enumerated() {
            guard let reduced = ReducedImages(orbit, centrings: centrings, inversion: inversion) else {
                throw .inconsistentOrbit(label: orbit.label)
            }
            let typeIndices = orbit.scatterers.map { scatterer in
                if let known = typeOf[scatterer] { return known }
                typeOf[scatterer] = types.count
                types.append(scatterer)
                return types.count - 1
            }
            var isAnisotropic = false
            if case .anisotropic = orbit.displacement { isAnisotropic = true }
            orbits.append(
                OrbitSlots(
                    label: orbit.label, types: typeIndices, images: reduced.images, factor: reduced.factor,
                    firstSlot: slots, firstRow: rows, isAnisotropic: isAnisotropic))
            for image in reduced.images.indices {
                rowOfSlot.append(isAnisotropic ? rows + image : rows)
                orbitOfSlot.append(index)
            }
            slots += reduced.images.count
            rows += isAnisotropic ? reduced.images.count : 1
            while separatesOrbits, slots % lanes != 0 {
                // Resolved below to the row of zeros, whose number is not known yet.
                rowOfSlot.append(-1)
                orbitOfSlot.append(input.count)
                slots += 1
            }
        }
        let padded = (slots + lanes - 1) / lanes * lanes
        rowOfSlot += [Int](repeating: -1, count: padded - slots)
        rowOfSlot = rowOfSlot.map { $0 < 0 ? rows : $0 }
        orbitOfSlot += [Int](repeating: input.count, count: padded - slots)
        self.types = types
        self.orbits = orbits
        orbitCount = input.count
        slotCount = padded
        rowCount = rows
        hasDispersion = types.contains { $0.dispersionImaginary != 0 }

        let count = reflections.count
        let indices = reflections.indices
        var runStart: [Int] = []
        for i in 0..<count
        where i == 0 || indices[i].x != indices[i - 1].x || indices[i].y != indices[i - 1].y {
            runStart.append(i)
        }
        let runs = runStart.count
        runStart.append(count)
        let buffers = [
            IndexBuffer(indices.map(\.x)), IndexBuffer(indices.map(\.y)), IndexBuffer(indices.map(\.z)),
            IndexBuffer(runStart), IndexBuffer(rowOfSlot),
        ]
        indexBuffers = buffers
        self.orbitOfSlot = IndexBuffer(orbitOfSlot)
        rotations = DoubleBuffer(9 * padded)
        for orbit in orbits {
            for (offset, image) in orbit.images.enumerated() {
                for i in 0..<3 {
                    for j in 0..<3 {
                        rotations[(3 * i + j) * padded + orbit.firstSlot + offset] = Double(
                            image.rotation[i, j])
                    }
                }
            }
        }
        func range(_ axis: Int) -> ClosedRange<Int> {
            let values = indices.map { $0[axis] }
            return (values.min() ?? 0)...(values.max() ?? 0)
        }
        let ranges = [range(0), range(1), range(2)]
        phaseBuffers = ranges.map { DoubleBuffer($0.count * 2 * padded) }
        kernel = wyckoff_phase_tables(
            reflections: Int32(count), runs: Int32(runs), slots: Int32(padded),
            centrosymmetric: inversion == nil ? 0 : 1, h: UnsafePointer(buffers[0].base),
            k: UnsafePointer(buffers[1].base), l: UnsafePointer(buffers[2].base),
            run_start: UnsafePointer(buffers[3].base), h_min: Int32(ranges[0].lowerBound),
            h_max: Int32(ranges[0].upperBound), k_min: Int32(ranges[1].lowerBound),
            k_max: Int32(ranges[1].upperBound), l_min: Int32(ranges[2].lowerBound),
            l_max: Int32(ranges[2].upperBound), row_of_slot: UnsafePointer(buffers[4].base),
            table_x: phaseBuffers[0].base, table_y: phaseBuffers[1].base, table_z: phaseBuffers[2].base)

        slotPositions = DoubleBuffer(3 * padded)
        q = DoubleBuffer(count)
        formFactors = DoubleBuffer(types.count * count)
        formFactorSlopes = DoubleBuffer(types.count * count)
        temperature = DoubleBuffer(rows * count)
        weight = DoubleBuffer((rows + 1) * count)
        dispersion = hasDispersion ? DoubleBuffer((rows + 1) * count) : nil
        amplitudeP = DoubleBuffer(2 * count)
        amplitudeQ = hasDispersion ? DoubleBuffer(2 * count) : nil
        intensityBuffer = DoubleBuffer(count)
        weightGradient = DoubleBuffer((rows + 1) * count)
        dispersionGradient = hasDispersion ? DoubleBuffer((rows + 1) * count) : nil
        positions = input.map(\.position)
        displacements = input.map(\.displacement)
        occupancies = input.map(\.occupancies)
        weightsAreStale = [Bool](repeating: true, count: input.count)
        tablesAreStale = [Bool](repeating: true, count: input.count)
        formFactorsAreStale = true
        split = WorkSplit(threads: threads, nanoseconds: 0.7 * Double(count * padded))
        scratch = (0..<split.parts).map { _ in DoubleBuffer(4 * padded) }
        updateFormFactors()
    }

    /// Part of the reflections, for the kernel.
    func span(_ part: Int) -> wyckoff_span {
        let range = split.range(part, of: reflections.count)
        return wyckoff_span(
            first: Int32(range.lowerBound), last: Int32(range.upperBound), scratch: scratch[part].base)
    }

    /// ⟨|F|²⟩ over Friedel mates of each reflection, in electrons² (or fm²) per conventional cell.
    package var intensities: [Double] { Array(intensitiesInPlace) }

    /// The same without a copy, until the next change.
    package var intensitiesInPlace: UnsafeBufferPointer<Double> {
        update()
        return UnsafeBufferPointer(start: intensityBuffer.base, count: reflections.count)
    }

    /// Floating-point operations of one sum over all atoms and reflections, tables and weights left out: what a share
    /// of the machine's peak rate counts with.
    package var operationCount: Double {
        // Of a run of equal h and k: the complex product of two phases.
        let shared = 6.0 * Double(kernel.runs) * Double(slotCount)
        // cos: 3, times weight: 2; sin and its weight the same; f″ adds two more products.
        let perSlot = isCentrosymmetric ? (hasDispersion ? 7.0 : 5.0) : (hasDispersion ? 14.0 : 10.0)
        return shared + perSlot * Double(reflections.count) * Double(slotCount)
    }

    /// a*, b*, c* in Å⁻¹.
    var reciprocalLengths: SIMD3<Double> {
        SIMD3(reciprocalMetric[0, 0], reciprocalMetric[1, 1], reciprocalMetric[2, 2]).squareRoot()
    }

    /// β_ij = 2π² a*ᵢ a*ⱼ U_ij: T = exp(−hᵀ β h).
    func betaTensor(_ u: Matrix3) -> Matrix3 {
        let d = Matrix3(diagonal: reciprocalLengths)
        return (2 * Double.pi * Double.pi) * (d * u * d)
    }
}
