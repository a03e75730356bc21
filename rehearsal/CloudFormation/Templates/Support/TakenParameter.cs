using YamlDotNet.RepresentationModel;
using static Deployer.Rehearsal.CloudFormation.Templates.Support.TemplateFiles;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>
/// A parameter whose values CloudFormation looks up in the account and the rehearsal takes as they are, since it knows none of them.
/// </summary>
/// <param name="File">The template, relative to the folder that was looked through.</param>
/// <param name="Line">Of the type, from 1.</param>
/// <param name="Column">Of the type, from 1.</param>
/// <param name="Name">The parameter.</param>
/// <param name="Type">What its values name.</param>
public sealed record TakenParameter(string File, int Line, int Column, string Name, string Type)
{
    private static readonly HashSet<string> Taken =
    [
        "AWS::EC2::Image::Id",
        "AWS::EC2::Instance::Id",
        "AWS::EC2::KeyPair::KeyName",
        "AWS::EC2::SecurityGroup::GroupName",
        "AWS::EC2::Volume::Id",
        "AWS::Route53::HostedZone::Id",
    ];

    /// <summary>What it means for who rehearses.</summary>
    public string Words =>
        $"the rehearsal takes any value of {Name}, since it looks up none of {Type}; CloudFormation refuses one that does not exist";

    /// <summary>Looks through template files and the local templates that they nest.</summary>
    /// <param name="folder">The folder that the paths, and what is found, are relative to.</param>
    /// <param name="paths">The templates.</param>
    public static IReadOnlyList<TakenParameter> FindInFiles(string folder, IEnumerable<string> paths)
    {
        var found = new List<TakenParameter>();
        foreach (var (path, text) in TemplateFiles.Read(folder, paths))
        {
            if (Root(text) is not { } root || Get(root, "Parameters") is not YamlMappingNode parameters)
            {
                continue;
            }

            foreach (var (name, declaration) in parameters.Children)
            {
                if (
                    declaration is YamlMappingNode map
                    && Get(map, "Type") is YamlScalarNode { Value: { } written } at
                    && Inner(written) is var type
                    && Taken.Contains(type)
                )
                {
                    found.Add(new TakenParameter(path, (int)at.Start.Line, (int)at.Start.Column, Text(name) ?? string.Empty, type));
                }
            }
        }

        return found;
    }

    // AWS::SSM::Parameter::Value<List<TYPE>>
    private static string Inner(string type) => type[(type.LastIndexOf('<') + 1)..].TrimEnd('>');
}
