import CStructureFactors
import Crystallography
import Foundation
import NumericalMethods

extension StructureFactors {
    // MARK: Moving

    /// Moves an orbit's representative (fractional).
    package func setPosition(_ position: SIMD3<Double>, of orbit: Int) {
        guard positions[orbit] != position else { return }
        positions[orbit] = position
        tablesAreStale[orbit] = true
    }

    /// - Precondition: isotropic stays isotropic, anisotropic stays anisotropic.
    package func setDisplacement(_ displacement: Displacement, of orbit: Int) {
        guard displacements[orbit] != displacement else { return }
        displacements[orbit] = displacement
        weightsAreStale[orbit] = true
    }

    package func setOccupancy(_ occupancy: Double, occupant: Int = 0, of orbit: Int) {
        guard occupancies[orbit][occupant] != occupancy else { return }
        occupancies[orbit][occupant] = occupancy
        weightsAreStale[orbit] = true
    }

    /// Moves the lattice; the reflection list stays.
    package func setReciprocalMetric(_ metric: Matrix3) {
        guard reciprocalMetric != metric else { return }
        reciprocalMetric = metric
        for orbit in weightsAreStale.indices { weightsAreStale[orbit] = true }
        formFactorsAreStale = true
    }

    // MARK: Calculating

    /// Brings `intensities` up to date.
    package func update() {
        updateFormFactors()
        let tablesMoved = updateTables()
        guard tablesMoved || weightsAreStale.contains(true) else { return }
        split.forEach { part in
            let span = span(part)
            let range = Int(span.first)..<Int(span.last)
            for index in orbits.indices where weightsAreStale[index] { updateWeights(of: index, range) }
            sum(span)
        }
        for index in weightsAreStale.indices { weightsAreStale[index] = false }
    }

    /// q and form factors of all reflections, where the lattice has moved.
    func updateFormFactors() {
        guard formFactorsAreStale else { return }
        formFactorsAreStale = false
        split.forEach { part in
            let range = split.range(part, of: reflections.count)
            for i in range {
                q.base[i] = ReflectionList.q(of: reflections.indices[i], reciprocalMetric: reciprocalMetric)
            }
            for (index, type) in types.enumerated() {
                let start = index * reflections.count + range.lowerBound
                type.formFactor.coefficients.withUnsafeBufferPointer { coefficients in
                    wyckoff_form_factor(
                        coefficients.baseAddress, Int32(range.count), q.base + range.lowerBound,
                        formFactors.base + start, formFactorSlopes.base + start)
                }
            }
        }
    }

    /// Everything that sums over single orbits need; they add up the kernel's parts themselves.
    func updateTablesAndWeights() {
        updateFormFactors()
        _ = updateTables()
        for index in orbits.indices where weightsAreStale[index] {
            weightsAreStale[index] = false
            updateWeights(of: index, 0..<reflections.count)
        }
    }

    private func sum(_ span: wyckoff_span) {
        var span = span
        let count = reflections.count
        withUnsafePointer(to: kernel) { kernel in
            wyckoff_amplitudes(
                kernel, &span, weight.base, dispersion?.base, 0, Int32(slotCount), amplitudeP.base,
                amplitudeQ?.base)
        }
        let (p, squares) = (amplitudeP.base, intensityBuffer.base)
        let range = Int(span.first)..<Int(span.last)
        for i in range { squares[i] = p[i] * p[i] + p[count + i] * p[count + i] }
        guard let q = amplitudeQ?.base else { return }
        for i in range { squares[i] += q[i] * q[i] + q[count + i] * q[count + i] }
    }

    /// The phases of orbits that have moved; false if none had.
    private func updateTables() -> Bool {
        let lanes = Int(WYCKOFF_LANES)
        var (first, last) = (slotCount, 0)
        for index in orbits.indices where tablesAreStale[index] {
            tablesAreStale[index] = false
            placeSlots(of: index)
            first = min(first, orbits[index].firstSlot)
            last = max(last, orbits[index].firstSlot + orbits[index].images.count)
        }
        guard last > first else { return false }
        wyckoff_fill_tables(
            &kernel, slotPositions.base, Int32(first / lanes * lanes),
            Int32((last + lanes - 1) / lanes * lanes))
        return true
    }

    private func placeSlots(of index: Int) {
        let orbit = orbits[index]
        let x = positions[index]
        for (offset, image) in orbit.images.enumerated() {
            let point = image.apply(to: x) - inversionShift
            let slot = orbit.firstSlot + offset
            slotPositions[slot] = point.x
            slotPositions[slotCount + slot] = point.y
            slotPositions[2 * slotCount + slot] = point.z
        }
    }

    private func updateWeights(of index: Int, _ range: Range<Int>) {
        let orbit = orbits[index]
        let count = reflections.count
        updateTemperature(of: index, range)
        for row in orbit.rows {
            let t = temperature.base + row * count
            let w = weight.base + row * count
            for i in range { w[i] = 0 }
            var imaginary = 0.0
            for (occupant, type) in orbit.types.enumerated() {
                let occupancy = occupancies[index][occupant]
                let f = formFactors.base + type * count
                let real = types[type].dispersionReal
                imaginary += occupancy * types[type].dispersionImaginary
                for i in range { w[i] += occupancy * (f[i] + real) * t[i] }
            }
            if let d = dispersion?.base {
                for i in range { d[row * count + i] = imaginary * t[i] }
            }
        }
    }

    private func updateTemperature(of index: Int, _ range: Range<Int>) {
        let orbit = orbits[index]
        let count = reflections.count
        switch displacements[index] {
        case .isotropic(let b):
            for row in orbit.rows {
                wyckoff_debye_waller(
                    b, orbit.factor, Int32(range.count), q.base + range.lowerBound,
                    temperature.base + row * count + range.lowerBound)
            }
        case .anisotropic(let u):
            let beta = betaTensor(u)
            for (image, row) in zip(orbit.images, orbit.rows) {
                let r = Matrix3(image.rotation)
                let rotated = r * beta * r.transpose
                let t = temperature.base + row * count
                for i in range {
                    let h = SIMD3<Double>(reflections.indices[i])
                    t[i] = orbit.factor * exp(-h.dot(rotated * h))
                }
            }
        }
    }
}
