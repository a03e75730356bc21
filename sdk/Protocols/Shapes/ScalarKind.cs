namespace Deployer.Protocols;

/// <summary>The simple types of Smithy that the generated clients use (https://smithy.io/2.0/spec/simple-types.html).</summary>
internal enum ScalarKind
{
    /// <summary><see cref="string"/>.</summary>
    String,

    /// <summary><see cref="bool"/>.</summary>
    Boolean,

    /// <summary><see cref="int"/>.</summary>
    Integer,

    /// <summary><see cref="long"/>.</summary>
    Long,

    /// <summary><see cref="float"/>.</summary>
    Float,

    /// <summary><see cref="double"/>.</summary>
    Double,

    /// <summary><see cref="DateTime"/> in UTC, in the format that the protocol prescribes.</summary>
    Timestamp,

    /// <summary>
    /// <see cref="DateTime"/> in UTC that travels as a whole number of milliseconds since 1970, as CloudWatch Logs does it.
    /// </summary>
    EpochMilliseconds,

    /// <summary><see cref="MemoryStream"/>, base64 in text.</summary>
    Blob,
}
