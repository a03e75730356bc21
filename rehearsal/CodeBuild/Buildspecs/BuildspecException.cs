namespace Deployer.Rehearsal.CodeBuild.Buildspecs;

/// <summary>
/// A build specification that cannot be read, or asks for what is not simulated: the build ends with <c>YAML_FILE_ERROR</c>.
/// </summary>
public sealed class BuildspecException(string message) : Exception(message);
