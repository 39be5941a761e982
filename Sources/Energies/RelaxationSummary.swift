import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// What `wyckoff relax` reports of one structure.
public struct RelaxationSummary: Sendable, Encodable {
    public struct Change: Sendable, Encodable {
        public var name: String
        public var unit: String
        public var before: Double
        public var after: Double
    }

    public var file: String
    public var name: String
    public var potential: String
    public var formula: String
    /// Of the cell that was relaxed.
    public var atoms: Int
    /// The group that was held.
    public var spaceGroup: String
    public var number: Int
    /// Found again in the relaxed structure, within 10⁻⁵ Å: the same, or a group above it.
    public var foundSpaceGroup: String
    public var foundNumber: Int
    /// Whether every operation of the group maps the relaxed structure on itself within 10⁻⁵ Å.
    public var groupHeld: Bool
    public var outcome: Relaxation.Outcome
    public var evaluations: Int
    /// eV.
    public var startEnergyPerAtom: Double
    public var energyPerAtom: Double
    /// eV, pV included.
    public var enthalpyPerAtom: Double
    /// eV/Å.
    public var largestForce: Double
    /// GPa, against the pressure.
    public var largestStress: Double
    /// GPa, the one that was asked for.
    public var pressure: Double
    /// Å³.
    public var volume: Double
    public var parameters: [Change]
    public var saddle: SaddleCheck.Finding?
    /// Every clause of the verdict, in the order of `RelaxationClause`.
    public var clauses: [VerdictClause]
    /// No clause fails.
    public var passed: Bool { clauses.hold }

    public init(
        _ result: Relaxation.Result, from start: ReducedStructure, startEnergy: Double, file: String,
        name: String, potential: String, pressure: Double, saddle: SaddleCheck.Finding? = nil
    ) throws {
        self.file = file
        self.name = name
        self.potential = potential
        let relaxed = result.structure
        let expanded = relaxed.expanded()
        formula = Formula(expanded).text()
        atoms = expanded.sites.count
        let group = relaxed.spaceGroup
        spaceGroup = group.compactSymbol
        number = group.number
        let found = try SymmetryFinder.find(in: expanded, tolerance: Relaxation.verification)
        foundSpaceGroup = found.spaceGroup.compactSymbol
        foundNumber = found.spaceGroup.number
        groupHeld = Self.holds(group, relaxed, expanded)
        outcome = result.outcome
        let count = Double(atoms)
        evaluations = result.last.evaluations
        startEnergyPerAtom = startEnergy / count
        energyPerAtom = result.last.evaluation.energy / count
        enthalpyPerAtom = result.last.enthalpy / count
        largestForce = result.last.largestForce
        largestStress = result.last.largestStress
        self.pressure = pressure
        volume = expanded.lattice.volume
        parameters = zip(start.parameters, relaxed.parameters).map {
            Change(name: $0.name, unit: $0.unit, before: $0.value, after: $1.value)
        }
        self.saddle = saddle
        clauses = Self.clauses(result, spaceGroup: spaceGroup, groupHeld: groupHeld, saddle: saddle)
    }

    /// Whether the operations map the list of atoms and the lattice on themselves: asked of the plain list, on the
    /// setting's axes.
    private static func holds(
        _ group: SpaceGroup, _ relaxed: ReducedStructure, _ expanded: CrystalStructure
    ) -> Bool {
        let setting = Lattice(metric: relaxed.orientedSetting.metric)
        let cell = relaxed.cell ?? UnconventionalCell(matrix: .identity)
        let points = expanded.sites.map { cell.toSetting($0.position) }
        let again = expanded.sites.indices.allSatisfy { atom in
            group.operations.allSatisfy { operation in
                let image = operation.apply(to: points[atom])
                return expanded.sites.indices.contains {
                    expanded.sites[$0].occupants == expanded.sites[atom].occupants
                        && setting.length((image - points[$0]).nearestImage(in: group))
                            < Relaxation.verification
                }
            }
        }
        return again && setting.isInvariant(under: group, within: Relaxation.verification)
    }
}

extension Lattice {
    /// Whether every rotation of the group keeps the lengths of the lattice vectors within a distance in Å.
    func isInvariant(under group: SpaceGroup, within tolerance: Double) -> Bool {
        let basis = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0), SIMD3(1.0, 1, 1)]
        return group.operations.allSatisfy { operation in
            basis.allSatisfy { abs(length(Matrix3(operation.rotation) * $0) - length($0)) < tolerance }
        }
    }
}

extension SIMD3 where Scalar == Double {
    /// The difference (fractional, in the setting) less a translation of the setting, centring included, nearest to it.
    fileprivate func nearestImage(in group: SpaceGroup) -> SIMD3<Double> {
        group.centring.vectors.map {
            (self - SIMD3<Double>($0) / Double(SymmetryOperation.denominator)).nearestImage
        }.min { $0.dot($0) < $1.dot($1) } ?? nearestImage
    }
}
