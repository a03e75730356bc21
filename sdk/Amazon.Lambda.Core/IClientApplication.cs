namespace Amazon.Lambda.Core;

/// <summary>The client application of an <see cref="IClientContext"/>.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html</remarks>
public interface IClientApplication
{
    /// <summary>The application's package name.</summary>
    string? AppPackageName { get; }

    /// <summary>The application's title.</summary>
    string? AppTitle { get; }

    /// <summary>The application's version code.</summary>
    string? AppVersionCode { get; }

    /// <summary>The application's version name.</summary>
    string? AppVersionName { get; }

    /// <summary>The installation's id.</summary>
    string? InstallationId { get; }
}
