import NumericalMethods

/// All Wyckoff positions of a group of operations, by integer algebra.
///
/// A site symmetry that leaves a plane free is a mirror, one that leaves a line free holds a rotation axis, and
/// one that leaves a point only holds a centre of inversion or stands on an axis. So planes and lines are the
/// fixed subspaces of single operations, and points are looked for on the axes and at the centres.
enum WyckoffDerivation {
    /// An orbit of subspaces under the group.
    struct Orbit {
        /// All subspaces of the orbit, each once.
        let subspaces: Set<TorusSubspace>
        /// Of the generic point of any of them.
        let stabilizerOrder: Int
    }

    /// The general position first, then by falling multiplicity; the order among equals is not ITA's.
    static func orbits(of operations: [SymmetryOperation]) -> [Orbit] {
        var orbits = [Orbit(subspaces: [.wholeSpace], stabilizerOrder: 1)]
        var known: Set<TorusSubspace> = [.wholeSpace]
        func add(_ subspace: TorusSubspace) {
            guard !known.contains(subspace) else { return }
            let images = Set(operations.compactMap { subspace.moved(by: $0) })
            known.formUnion(images)
            orbits.append(
                Orbit(subspaces: images, stabilizerOrder: operations.count { subspace.isFixed(by: $0) }))
        }
        for operation in operations {
            let directions = FixedDirections(of: [operation.rotation])
            guard (1...2).contains(directions.directions.count) else { continue }
            for subspace in fixedSubspaces(of: operation, directions) { add(subspace) }
        }
        let lines = orbits.filter { $0.subspaces.first?.dimension == 1 }
        for orbit in lines {
            guard let line = orbit.subspaces.first, let direction = line.directions.first else { continue }
            for step in 0..<SymmetryOperation.denominator {
                guard let point = TorusSubspace(through: line.translation &+ direction &* step, along: []),
                    operations.count(where: { point.isFixed(by: $0) }) > orbit.stabilizerOrder
                else { continue }
                add(point)
            }
        }
        for operation in operations where operation.rotation == -.identity {
            for corner in 0..<8 {
                let shift = SIMD3(corner & 1, (corner >> 1) & 1, corner >> 2) &* 12
                let half = SIMD3(
                    operation.translation.x / 2, operation.translation.y / 2, operation.translation.z / 2)
                if let point = TorusSubspace(through: half &+ shift, along: []) { add(point) }
            }
        }
        return orbits.sorted { $0.stabilizerOrder < $1.stabilizerOrder }
    }

    /// The planes or lines that an operation fixes, up to lattice vectors.
    private static func fixedSubspaces(
        of operation: SymmetryOperation, _ fixed: FixedDirections
    ) -> Set<TorusSubspace> {
        var result: Set<TorusSubspace> = []
        let range = -2...2
        for a in range {
            for b in range {
                for c in range {
                    let translation = operation.translation &+ SIMD3(a, b, c) &* 24
                    let offset = fixed.offset(translations: [translation])
                    let scaled = offset.map { $0 * Rational(SymmetryOperation.denominator) }
                    guard scaled.allSatisfy({ $0.denominator == 1 }) else { continue }
                    let point = SIMD3(scaled[0].numerator, scaled[1].numerator, scaled[2].numerator)
                    // A screw or glide part leaves nothing fixed: the equations left out must hold too.
                    guard operation.rotation * point &+ translation == point,
                        let subspace = TorusSubspace(through: point, along: fixed.directions)
                    else { continue }
                    result.insert(subspace)
                }
            }
        }
        return result
    }
}
