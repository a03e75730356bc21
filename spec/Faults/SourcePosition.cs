namespace Deployer.Spec.Faults;

/// <summary>A place in a file of the service.</summary>
/// <param name="File">The file's path relative to the service's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 units, from 1.</param>
public sealed record SourcePosition(string File, int Line, int Column) : IComparable<SourcePosition>
{
    /// <summary>The first character of a file: where a fault of the whole file is reported.</summary>
    public static SourcePosition StartOf(string file) => new(file, 1, 1);

    /// <summary>Orders by file, then line, then column.</summary>
    public int CompareTo(SourcePosition? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byFile = string.CompareOrdinal(File, other.File);
        return byFile != 0 ? byFile : (Line, Column).CompareTo((other.Line, other.Column));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
