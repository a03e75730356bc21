namespace Deployer.Protocols;

/// <summary>Which of the two JSON forms of a shape is meant.</summary>
internal enum JsonStyle
{
    /// <summary>As the JSON protocols write it: wire names, timestamps in seconds since 1970, base64.</summary>
    Wire,

    /// <summary>
    /// As Step Functions' AWS SDK integrations write it: names in PascalCase, timestamps in ISO 8601, blobs as UTF-8 text
    /// (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
    /// </summary>
    Document,
}
