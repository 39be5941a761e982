import Crystallography
import Studies
import Testing

@Suite struct FamilyProjectionTests {
    @Test func equalLengthsBecomeTheirMeanAndFixedAnglesTheirValue() {
        let cell = [4.0, 5, 6, 80, 95, 100]
        #expect(FamilyProjection(.cubic)(cell: cell) == [5, 5, 5, 90, 90, 90])
        #expect(FamilyProjection(.hexagonal)(cell: cell) == [4.5, 4.5, 6, 90, 90, 120])
        #expect(FamilyProjection(.tetragonal)(cell: cell) == [4.5, 4.5, 6, 90, 90, 90])
        #expect(FamilyProjection(.orthorhombic)(cell: cell) == [4, 5, 6, 90, 90, 90])
        #expect(FamilyProjection(.monoclinic)(cell: cell) == [4, 5, 6, 90, 95, 90])
        #expect(FamilyProjection(.triclinic)(cell: cell) == cell)
    }
}
