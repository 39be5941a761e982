import CrystalFiles
import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// The verdict on one record, clause by clause.
public struct RecordValidation: Sendable {
    /// Å.
    public var tolerance: Double
    /// The ITA number every record should have; nil takes the file's claim.
    public var expected: Int?
    /// Whether every group that a record shows at any tolerance is listed.
    public var withLadder: Bool
    /// Clauses of which "unknown" is not good enough: they fail where they cannot be decided.
    package var required: Set<ValidationClause> = []
    /// A tolerance in Å, a group that is expected, and whether the ladder of tolerances is climbed.
    public init(tolerance: Double = 0.01, expected: Int? = nil, withLadder: Bool = false) {
        self.withLadder = withLadder
        self.tolerance = tolerance
        self.expected = expected
    }

    /// Judges one record; never throws: what cannot be read fails with its reason.
    public func validate(_ entry: CrystalRecordStream.Element) -> ValidatedRecord {
        var result = ValidatedRecord(
            file: entry.file, index: entry.index, line: entry.line, passed: false, reason: "")
        switch entry.result {
        case .success(let record): judge(record, &result)
        case .failure(let error):
            result.clauses = ValidationClause.allCases.map {
                $0 == .readable ? $0.fails("\(error)") : $0.unknown("the record cannot be read")
            }
            result.conclude()
        }
        return result
    }

    /// The verdict on a record that is in no file.
    public func judged(_ record: CrystalRecord) -> ValidatedRecord {
        var result = ValidatedRecord(file: "", index: 0, passed: false, reason: "")
        judge(record, &result)
        return result
    }

    /// The verdict on a set without a single record: what holds nothing is not in order.
    package static func nothing(in file: String) -> ValidatedRecord {
        let clauses = ValidationClause.allCases.map {
            $0 == .readable ? $0.fails("there is no record") : $0.unknown("there is no record")
        }
        return ValidatedRecord(
            file: file, index: 0, clauses: clauses, passed: false, reason: "there is no record")
    }

    private func judge(_ record: CrystalRecord, _ result: inout ValidatedRecord) {
        let structure = record.structure
        result.name = record.name
        result.warnings = record.warnings
        result.claimed = expected ?? Claim(of: record).number
        result.density = structure.density
        let formula = Formula(structure).reduced
        result.formula = formula.text()
        result.elements = structure.composition.keys.map(\.atomicNumber).sorted()
        result.atomCount = structure.sites.count
        let balance = ChargeBalance(structure.composition)
        result.oxidationStates = balance.states.map(ChargeBalance.text)
        let contacts = Contacts(structure)
        if let tightest = contacts.tightest {
            result.closestDistance = contacts.shortestDistance
            result.closestShare = tightest.share
            let atoms = [tightest.first, tightest.second]
            result.closestPair = ValidatedRecord.Pair(
                atoms: atoms, labels: atoms.map { structure.sites[$0].name }, distance: tightest.distance,
                share: tightest.share)
        }
        let clauses = RecordClauses(record: record)
        result.clauses = [
            ValidationClause.readable.holds("the record is read"), clauses.complete, clauses.statements,
            clauses.composition, clauses.occupancies, clauses.order, clauses.cell,
            symmetry(of: structure, &result), clauses.contacts(contacts), clauses.density,
            clauses.neutrality(balance), clauses.displacements,
        ].map(demanded)
        result.conclude()
    }

    /// A clause that is required fails where nothing is known.
    private func demanded(_ clause: VerdictClause) -> VerdictClause {
        guard clause.outcome == .unknown, required.contains(where: { $0.rawValue == clause.name }) else {
            return clause
        }
        return VerdictClause(clause.name, .fails, "\(clause.name) is required: \(clause.sentence)")
    }

    private func symmetry(of structure: CrystalStructure, _ result: inout ValidatedRecord) -> VerdictClause {
        do {
            let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            result.spaceGroup = found.spaceGroup
            result.degreesOfFreedom = try ReducedStructure(of: structure, found).degreesOfFreedom
            if withLadder { result.ladder = try Self.ladder(structure) }
            return Self.verdict(claimed: result.claimed, found: found.spaceGroup)
        } catch {
            return ValidationClause.symmetry.fails("no symmetry can be found: \(error)")
        }
    }

    private static func verdict(claimed: Int?, found: SpaceGroup) -> VerdictClause {
        let group = "\(found.symbol) (\(found.number))"
        guard let claimed else {
            return ValidationClause.symmetry.unknown("no group is claimed; \(group) is found")
        }
        guard claimed == found.number else {
            return ValidationClause.symmetry.fails(
                "space group \(claimed) is claimed, \(found.number) is found: \(found.symbol)")
        }
        return ValidationClause.symmetry.holds("\(group) is claimed and found")
    }

    private static func ladder(_ structure: CrystalStructure) throws -> [ValidatedRecord.Rung] {
        try SymmetryFinder.ladder(in: structure).map { rung in
            ValidatedRecord.Rung(
                hallNumber: rung.found.spaceGroup.hallNumber, tolerances: rung.tolerances,
                maxDisplacement: rung.found.maxDisplacement)
        }
    }
}
