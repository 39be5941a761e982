import ExplainedErrors
import Foundation
import NumericalMethods

/// Makes SpaceGroups/space-groups.tsv from the conventions in SpaceGroups/settings.tsv and first-triplets.tsv: from each
/// Hall symbol, by integer algebra.
package enum SpaceGroupTableWriter {
    /// A setting whose table could not be derived.
    package struct Failure: ExplainedError {
        package let hallNumber: Int
        package let reason: String

        /// What went wrong, where, and what to do: the parts of the one line.
        package var explanation: Explanation { Explanation(reason, place: "Hall number \(hallNumber)") }
    }

    /// The whole table, 530 blocks.
    package static func table() throws -> String {
        var text = header
        for hallNumber in 1...SpaceGroupCatalogue.count { text += try block(hallNumber: hallNumber) }
        return text
    }

    /// The lines of one setting.
    package static func block(hallNumber: Int) throws(Failure) -> String {
        guard let setting = SpaceGroupCatalogue.shared.setting(hallNumber: hallNumber) else {
            throw Failure(hallNumber: hallNumber, reason: "no such line in settings.tsv")
        }
        func fail(_ reason: String) -> Failure { Failure(hallNumber: hallNumber, reason: reason) }
        guard let hall = try? HallSymbol(setting.hallSymbol), let operations = hall.operations else {
            throw fail("the Hall symbol '\(setting.hallSymbol)' gives no group")
        }
        guard let centring = Centring.allCases.first(where: { $0.vectors == hall.centringVectors }),
            let pointGroup = PointGroup(rotations: operations.map(\.rotation))
        else { throw fail("no centring or point group") }
        let system = CrystalSystem(number: setting.number)
        var lines = [
            [
                "S", "\(hallNumber)", "\(setting.number)", setting.choice, setting.hallSymbol, setting.symbol,
                setting.fullSymbol, setting.schoenfliesSymbol, CrystalFamily(number: setting.number).rawValue,
                system.rawValue, pointGroup.laueClass, pointGroup.symbol, centring.rawValue,
                String(SymmetryGroup.fingerprint(operations), radix: 16),
            ]
        ]
        let primitive = operations.prefix(operations.count / centring.vectors.count)
        lines.append(["O", primitive.map(\.xyz).joined(separator: " ")])
        let directions = SiteSymmetrySymbol.directionSets(
            system: system, hasRhombohedralAxes: setting.choice == "R", centring: centring)
        let orbits = WyckoffDerivation.orbits(of: operations)
        let representatives = orbits.map(WyckoffRepresentative.byRule)
        guard
            let letters = WyckoffLetters.letters(
                of: representatives, hallNumber: hallNumber, operations: operations)
        else { throw fail("spglib gives no letters") }
        for index in orbits.indices.sorted(by: { letters[$0] > letters[$1] }) {
            guard
                let subspace = WyckoffRepresentative.stated(
                    of: orbits[index], hallNumber: hallNumber, letter: WyckoffLetters.text(letters[index]),
                    byRule: representatives[index])
            else { throw fail("first-triplets.tsv states a triplet that is not on its position") }
            let stabilizer = subspace.stabilizer(in: operations)
            guard
                let symbol = SiteSymmetrySymbol.symbol(
                    of: stabilizer.map(\.rotation), directionSets: directions)
            else { throw fail("a site symmetry is no point group") }
            let images = imageIndices(of: subspace, in: operations)
            lines.append([
                "W", WyckoffLetters.text(letters[index]), "\(images.count)", symbol,
                CoordinateTriplet.text(matrix: subspace.matrix, translation: subspace.translation),
                ranges(images),
            ])
        }
        lines += derivedLines(hallNumber: hallNumber)
        return lines.map { $0.joined(separator: "\t") }.joined(separator: "\n") + "\n"
    }

    /// What follows from the operations alone; read through `ReflectionConditions` and `Normalizer` in the program.
    private static func derivedLines(hallNumber: Int) -> [[String]] {
        guard let group = SpaceGroup(hallNumber: hallNumber) else { return [] }
        let normalizer = group.normalizer
        let index = normalizer.indexFactors
        return [
            ["R"] + ReflectionConditions.list(for: group).map(\.description),
            [
                "N",
                normalizer.continuousDirections.map { "\($0.x),\($0.y),\($0.z)" }.joined(separator: " "),
                "\(index.translations).\(index.inversion).\(index.further)",
                normalizer.generators.map(\.xyz).joined(separator: " "),
            ],
        ]
    }

    private static let header = """
        # Space groups, 530 settings. Generated from settings.tsv and first-triplets.tsv: swift run generate-space-groups. Do not edit.
        # S Hall number, ITA number, choice, Hall symbol, short H-M, full H-M, Schoenflies, family, system, Laue class,
        #   point group, centring, fingerprint of the set of operations
        # O operations without centring; those with centring follow in the order of the centring vectors
        # R general reflection conditions, one a field
        # N Euclidean normalizer, general metric of the family: continuous directions; the index of the group in it
        #   (translations, inversion, further); operations that with the group generate it
        # W letter, multiplicity, site symmetry, first triplet, indices of the operations that make the others

        """

    /// The first operation of each coset of the stabilizer.
    private static func imageIndices(
        of subspace: TorusSubspace, in operations: [SymmetryOperation]
    ) -> [Int] {
        var seen: Set<SymmetryOperation> = []
        return operations.indices.filter { index in
            let operation = operations[index]
            return seen.insert(
                SymmetryOperation(
                    rotation: operation.rotation * subspace.matrix,
                    translation: operation.rotation * subspace.translation &+ operation.translation
                ).wrapped
            ).inserted
        }
    }

    /// `0-3,8`
    private static func ranges(_ indices: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for index in indices {
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}

extension SymmetryGroup {
    /// A number that depends on the set of operations only, the same on every machine (FNV-1a, 64 bits).
    static func fingerprint(_ operations: [SymmetryOperation]) -> UInt64 {
        var codes: [Int] = operations.map { operation in
            let w = operation.wrapped
            var code = 0
            for row in 0..<3 {
                for column in 0..<3 { code = code &* 7 &+ w.rotation[row, column] &+ 3 }
            }
            for axis in 0..<3 { code = code &* 24 &+ w.translation[axis] }
            return code
        }
        codes.sort()
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for code in codes {
            var rest = UInt64(bitPattern: Int64(code))
            for _ in 0..<8 {
                hash = (hash ^ (rest & 0xff)) &* 0x100_0000_01b3
                rest >>= 8
            }
        }
        return hash
    }
}
